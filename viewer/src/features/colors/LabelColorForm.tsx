import { useEffect, useId, useState } from "react";
import {
  type Color,
  ColorArea,
  ColorSlider,
  ColorSwatch,
  ColorSwatchPicker,
  ColorSwatchPickerItem,
  ColorThumb,
  parseColor,
  SliderTrack,
} from "react-aria-components";
import { obsKey } from "../../data/keys";
import { categoryColors, rgbAt } from "../../lib/palettes";
import { chosenColors, countLabelColors, MOST_LABEL_COLORS } from "../../state/coloring";
import { colorsOfLabels } from "../../state/selectors";
import { TextButton } from "../../ui/Button";
import { useApp, useColumn, useView, useViewer } from "../useViewer";
import styles from "./colors.module.css";
import { colorOf, hexOf } from "./colorText";

interface Props {
  column: string;
  label: string;
}

const SUGGESTED = Array.from({ length: 20 }, (_, i) => hexOf(rgbAt(categoryColors(20), i)));

/** The color of a label: from an area, from scanpy's colors, or typed. */
export default function LabelColorForm({ column, label }: Props) {
  const viewer = useViewer();
  const shown = useShownColor(column, label);
  const chosen = useView((view) => chosenColors(view.labelColors, column));
  const full = useView((view) => countLabelColors(view.labelColors) >= MOST_LABEL_COLORS);
  // Its hue outlives black and white, which have none.
  const [color, setColor] = useState<Color>(() => parseColor(shown).toFormat("hsb"));
  useEffect(() => {
    setColor((now) =>
      now.toString("hex").toLowerCase() === shown ? now : parseColor(shown).toFormat("hsb"),
    );
  }, [shown]);
  useEffect(() => () => viewer.preview(null), [viewer]);

  const own = Object.hasOwn(chosen, label);
  const changed = Object.keys(chosen).length;
  const action = (hex: string | null) => ({ type: "setLabelColor", column, label, color: hex }) as const;
  const hexText = (value: Color): string => value.toString("hex").toLowerCase();
  const preview = (value: Color): void => {
    setColor(value);
    viewer.preview(action(hexText(value)));
  };
  const commit = (value: Color): void => {
    viewer.preview(null);
    viewer.do(action(hexText(value)));
  };
  if (full && !own) {
    return (
      <p className={styles.hint}>
        {MOST_LABEL_COLORS} labels have colors of their own, which is all that a view keeps: reset some first.
      </p>
    );
  }
  return (
    <div className={styles.form}>
      <h3 className={styles.title} title={label}>
        {label}
      </h3>
      <ColorArea
        className={styles.area}
        aria-label="Saturation and brightness"
        colorSpace="hsb"
        xChannel="saturation"
        yChannel="brightness"
        value={color}
        onChange={preview}
        onChangeEnd={commit}
      >
        <ColorThumb className={styles.thumb} />
      </ColorArea>
      <ColorSlider
        aria-label="Hue"
        colorSpace="hsb"
        channel="hue"
        value={color}
        onChange={preview}
        onChangeEnd={commit}
      >
        <SliderTrack className={styles.hue}>
          <ColorThumb className={styles.thumb} />
        </SliderTrack>
      </ColorSlider>
      <ColorSwatchPicker
        className={styles.swatches}
        aria-label="Colors of scanpy"
        value={color}
        onChange={(value) => commit(value.toFormat("hsb"))}
      >
        {SUGGESTED.map((hex) => (
          <ColorSwatchPickerItem key={hex} color={hex} className={styles.item}>
            <ColorSwatch className={styles.swatch} />
          </ColorSwatchPickerItem>
        ))}
      </ColorSwatchPicker>
      <ColorField shown={shown} onColor={(hex) => viewer.do(action(hex))} />
      <div className={styles.line}>
        {/* never disabled: a button that is, loses the focus, and Esc would not close what has none */}
        <TextButton look="link" onPress={() => viewer.do(action(null))}>
          Reset
        </TextButton>
        <TextButton look="link" onPress={() => viewer.do({ type: "resetLabelColors", column })}>
          {changed > 1 ? `Reset all ${changed}` : "Reset all"}
        </TextButton>
      </div>
    </div>
  );
}

/** What the label has now, as "#rrggbb". */
function useShownColor(column: string, label: string): string {
  const { column: loaded } = useColumn(obsKey(column));
  const labels = loaded?.kind === "categorical" ? loaded.categories : [];
  const at = labels.indexOf(label);
  return useApp(({ view, dataset }) =>
    dataset && at >= 0 ? hexOf(rgbAt(colorsOfLabels(view, dataset, column, labels), at)) : "#808080",
  );
}

/** The color as text. What is none stays in the field, with a sentence on why. */
function ColorField({ shown, onColor }: { shown: string; onColor(hex: string): void }) {
  const [text, setText] = useState(shown);
  const [problem, setProblem] = useState<string | null>(null);
  const about = useId();
  useEffect(() => {
    setText(shown);
    setProblem(null);
  }, [shown]);
  const submit = (): void => {
    const hex = colorOf(text);
    setProblem(hex === null ? `“${text.trim()}” is no color: type one such as #ff8800, or a name.` : null);
    if (hex === null) return;
    if (hex !== shown) onColor(hex);
    setText(hex);
  };
  return (
    <>
      <label className={styles.line}>
        <span>Hex or name</span>
        <input
          className={styles.field}
          aria-invalid={problem !== null}
          aria-describedby={problem ? about : undefined}
          spellCheck={false}
          maxLength={100}
          value={text}
          onChange={({ target }) => setText(target.value)}
          onFocus={({ target }) => target.select()}
          onBlur={submit}
          onKeyDown={({ key }) => key === "Enter" && submit()}
        />
      </label>
      {problem && (
        <p id={about} className={styles.problem} role="alert">
          {problem}
        </p>
      )}
    </>
  );
}
