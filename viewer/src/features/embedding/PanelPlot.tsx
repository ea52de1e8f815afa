import { ChevronDown, X } from "lucide-react";
import { useMemo } from "react";
import { Button } from "react-aria-components";
import { layoutKey, obsKey, sourceKey } from "../../data/keys";
import { formatCount } from "../../lib/format";
import { rgbAt, rgbToCss } from "../../lib/palettes";
import { colorsOfLabels, embeddingOf, embeddingsOf } from "../../state/selectors";
import type { ColorBy, Panel } from "../../state/state";
import { classNames } from "../../ui/classNames";
import { Menu, type MenuGroup } from "../../ui/Menu";
import { Problem } from "../../ui/Problem";
import { sameColor, useApp, useColumn, useCounts, useView, useViewer } from "../useViewer";
import { PanelLegend } from "./PanelLegend";
import { PlotBox } from "./PlotBox";
import styles from "./panels.module.css";
import { panelView } from "./plotViews";

interface Props {
  panel: Panel;
  number: number;
  theme: string;
  onWheelPassed(): void;
}

/** A plot beside the first one, with an embedding and a color of its own if it is given them. */
export default function PanelPlot({ panel, number, theme, onWheelPassed }: Props) {
  const viewer = useViewer();
  const embedding = useApp((state) => panel.embedding ?? embeddingOf(state));
  const places = useColumn(embedding === null ? null : layoutKey(embedding));
  const paint = useColumn(panel.color && sourceKey(panel.color));
  const { error, retry } = places.error === null ? paint : places;
  const remove = () => viewer.do({ type: "removePanel", panel: number });
  const what = panel.only ? `${panel.only.column} ${panel.only.value ?? "(missing)"}` : (embedding ?? "");
  const own = panel.color && <PanelLegend number={number} color={panel.color} />;
  const numbers = paint.column?.kind === "continuous";
  return (
    <>
      <div className={styles.head}>
        {panel.only ? (
          <OnlyTitle only={panel.only} />
        ) : (
          <>
            <EmbeddingMenu panel={panel} number={number} />
            <ColorMenu panel={panel} number={number} />
          </>
        )}
        {numbers && own}
        <Button className={styles.close} aria-label={`Close panel ${number + 1}`} onPress={remove}>
          <X />
        </Button>
      </div>
      <PlotBox
        shown={panelView(number)}
        theme={theme}
        label={`Panel ${number + 1}: ${what}`}
        onWheelPassed={onWheelPassed}
      >
        {error !== null && (
          <div className={styles.problem} data-over-plot>
            <Problem message={error} onRetry={retry} />
          </div>
        )}
      </PlotBox>
      {!numbers && own}
    </>
  );
}

interface MenuProps {
  panel: Panel;
  number: number;
}

function EmbeddingMenu({ panel, number }: MenuProps) {
  const viewer = useViewer();
  const first = useApp(embeddingOf);
  const all = useApp(embeddingsOf);
  const choose = (embedding: string | null) =>
    viewer.do({ type: "setPanel", panel: number, changes: { embedding } });
  const groups: MenuGroup[] = [
    {
      title: "Embedding",
      chosen: panel.embedding ?? "",
      entries: [
        { id: "", label: `As in the first panel (${first ?? ""})`, onSelect: () => choose(null) },
        ...all.map((name) => ({ id: name, label: name, onSelect: () => choose(name) })),
      ],
    },
  ];
  return (
    <Menu
      label={`Embedding of panel ${number + 1}`}
      groups={groups}
      trigger={<Choice label={`Embedding of panel ${number + 1}`} text={panel.embedding ?? first ?? ""} />}
    />
  );
}

function ColorMenu({ panel, number }: MenuProps) {
  const viewer = useViewer();
  const dataset = useApp((state) => state.dataset);
  const genes = useView((view) => view.genes);
  const first = useView((view) => view.color);
  const choose = (color: ColorBy | null) =>
    viewer.do({ type: "setPanel", panel: number, changes: { color } });
  const entry = (color: ColorBy) => ({
    id: sourceKey(color),
    label: color.name,
    onSelect: () => choose(color),
  });
  const chosen = panel.color ? sourceKey(panel.color) : "";
  const listed = panel.color && panel.color.kind !== "obs" && !genes.includes(panel.color.name);
  const groups: MenuGroup[] = [
    {
      title: "Color by",
      chosen,
      entries: [{ id: "", label: "As in the first panel", onSelect: () => choose(null) }],
    },
    {
      title: "Columns",
      chosen,
      entries: (dataset?.obs ?? [])
        .filter(({ kind }) => kind !== "string")
        .map(({ name }) => entry({ kind: "obs", name })),
    },
    {
      title: "Genes in the list",
      chosen,
      entries: [
        ...(listed ? [entry(panel.color!)] : []),
        ...(first && first.kind !== "obs" && !genes.includes(first.name) ? [entry(first)] : []),
        ...genes.map((name) => entry({ kind: "gene", name })),
      ].filter(({ id }, i, all) => all.findIndex((other) => other.id === id) === i),
    },
  ];
  const shown = panel.color ?? first;
  const label = `Color of panel ${number + 1}`;
  return (
    <Menu
      label={label}
      groups={groups.filter(({ entries }) => entries.length > 0)}
      trigger={<Choice label={label} text={shown?.name ?? "no color"} italic={shown?.kind === "gene"} />}
    />
  );
}

function Choice({ label, text, italic = false }: { label: string; text: string; italic?: boolean }) {
  return (
    <Button className={styles.choice} aria-label={`${label}: ${text}`}>
      <span className={classNames(styles.choiceText, italic && styles.italic)}>{text}</span>
      <ChevronDown aria-hidden />
    </Button>
  );
}

/** The category of one of many panels, with its color when the points are colored by its column. */
function OnlyTitle({ only }: { only: NonNullable<Panel["only"]> }) {
  const { column } = useColumn(obsKey(only.column));
  const dataset = useApp((state) => state.dataset);
  const counts = useCounts().categories(only.column);
  const colored = useView((view) => sameColor(view.color, { kind: "obs", name: only.column }));
  const categories = column?.kind === "categorical" ? column.categories : null;
  const code = only.value === null ? -1 : (categories?.indexOf(only.value) ?? -1);
  const labelColors = useView((view) => view.labelColors);
  const palette = useMemo(
    () => categories && dataset && colorsOfLabels({ labelColors }, dataset, only.column, categories),
    [categories, dataset, labelColors, only.column],
  );
  const selected = code < 0 ? counts?.missing.selected : counts?.selected[code];
  const total = code < 0 ? counts?.missing.total : counts?.total[code];
  const name = only.value ?? "(missing)";
  return (
    <span className={styles.title} title={`${only.column}: ${name}`}>
      {colored && palette && code >= 0 && (
        <i className={styles.swatch} style={{ background: rgbToCss(rgbAt(palette, code)) }} aria-hidden />
      )}
      <span>{name}</span>
      {total !== undefined && (
        <span className={styles.count}>
          {selected === total ? formatCount(total) : `${formatCount(selected ?? 0)}/${formatCount(total)}`}
        </span>
      )}
    </span>
  );
}
