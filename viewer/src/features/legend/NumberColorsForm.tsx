import { useMemo } from "react";
import { Radio, RadioGroup } from "react-aria-components";
import { COLOR_MAP_NAMES, type ColorMapName, colorMap } from "../../lib/palettes";
import type { ColorBy } from "../../state/state";
import type { ContinuousColumn } from "../../state/viewer";
import { TickBox } from "../../ui/TickBox";
import { gradientStops } from "../useColors";
import { useView, useViewer } from "../useViewer";
import { ColorRangeFields } from "./ColorRangeFields";
import styles from "./numberColors.module.css";

const LABELS: Record<ColorMapName, string> = {
  viridis: "Viridis",
  magma: "Magma",
  cividis: "Cividis",
  cool: "Cool",
  rdbu: "Red–blue",
};

/** The map, of all numbers; the range that it spans, of this column or gene. */
export default function NumberColorsForm({ source, column }: { source: ColorBy; column: ContinuousColumn }) {
  const viewer = useViewer();
  const palette = useView((view) => view.palette);
  const reversed = useView((view) => view.reversed);
  const set = (name: ColorMapName, turned = reversed): void =>
    viewer.do({ type: "setPalette", palette: name, reversed: turned });
  return (
    <>
      <RadioGroup
        className={styles.maps}
        aria-label="Color map"
        value={palette}
        onChange={(name) => set(name as ColorMapName)}
      >
        {COLOR_MAP_NAMES.map((name) => (
          <Radio key={name} value={name} className={styles.map}>
            <Strip name={name} reversed={reversed} />
            <span>{LABELS[name]}</span>
          </Radio>
        ))}
      </RadioGroup>
      <TickBox state={reversed ? "all" : "none"} onChange={() => set(palette, !reversed)}>
        Reversed
      </TickBox>
      <p className={styles.hint}>
        {palette === "rdbu" ? "Red and blue meet at zero." : "For all columns and genes of this view."}
      </p>
      <ColorRangeFields source={source} column={column} />
    </>
  );
}

function Strip({ name, reversed }: { name: ColorMapName; reversed: boolean }) {
  const stops = useMemo(() => gradientStops(colorMap(name, reversed), [0, 1], [0, 1]), [name, reversed]);
  return (
    <i
      className={styles.strip}
      data-ink
      style={{ background: `linear-gradient(90deg, ${stops.join(", ")})` }}
      aria-hidden
    />
  );
}
