import { formatCount } from "../../lib/format";
import { type Figure, type FigureKind, MAX_BARS, SELECTION } from "../../state/figure";
import { useApp, useView, useViewer } from "../useViewer";
import { Amount, Box, Choice } from "./Field";
import { GenesField } from "./GenesField";
import { groupingOf } from "./question";
import type { FigureShown } from "./useFigure";

const WITH_GENES: readonly FigureKind[] = ["dot", "matrix", "stacked", "violin", "heat", "grid"];
const SPLIT_LABELS: Partial<Record<FigureKind, string>> = {
  dot: "Then by",
  matrix: "Then by",
  stacked: "Then by",
  violin: "Then by",
  composition: "Composed of",
  sankey: "To",
  grid: "A panel per",
};
const SCALES: Partial<Record<FigureKind, readonly Figure["scale"][]>> = {
  dot: ["none", "feature", "group"],
  matrix: ["none", "feature", "group"],
  stacked: ["none", "feature", "group"],
  heat: ["none", "feature"],
};
const SCALE_LABELS = { none: "As it is", feature: "0–1 per gene", group: "0–1 per group" };

/** What the figure is of; only what means something for its kind. */
export function Options({ shown }: { shown: FigureShown }) {
  const viewer = useViewer();
  const view = useView((state) => state);
  const dataset = useApp((state) => state.dataset)!;
  const tally = useApp((state) => state.tally);
  const { figure } = view;
  const { kind } = figure;
  const set = (changes: Partial<Figure>) => viewer.do({ type: "setFigure", changes });
  const grouping = groupingOf(figure, view, dataset);
  const groups = [
    ...dataset.obs
      .filter((column) => column.kind !== "string")
      .map(({ name }) => ({ value: name, label: name })),
    { value: SELECTION, label: "Selection and the rest" },
  ];
  const shownBars = grouping.bars;
  const taken = [grouping.by, ...shownBars];
  const bars = shownBars.length < MAX_BARS ? [...shownBars, ""] : shownBars; // the last one adds another
  const withGenes = WITH_GENES.includes(kind);
  const splitLabel = SPLIT_LABELS[kind];
  const scales = SCALES[kind];
  if (kind === "embedding") return null;
  return (
    <>
      {withGenes && <GenesField unknown={shown.unknown} />}
      {kind !== "grid" && (
        <Choice
          label={kind === "sankey" ? "From" : "Group by"}
          value={grouping.by ?? ""}
          options={groups}
          onChange={(by) => set({ by })}
        />
      )}
      {splitLabel && (
        <Choice
          label={splitLabel}
          value={grouping.split ?? ""}
          options={[
            ...(kind === "sankey" ? [] : [{ value: "", label: kind === "grid" ? "gene only" : "–" }]),
            ...groups.filter(({ value }) => (kind === "grid" ? value !== SELECTION : value !== grouping.by)),
          ]}
          onChange={(split) => set({ split: split === "" ? null : split })}
        />
      )}
      {kind === "heat" &&
        bars.map((bar, i) => (
          <Choice
            // biome-ignore lint/suspicious/noArrayIndexKey: a place keeps the focus, whatever is chosen there
            key={i}
            label={i === 0 ? "Bar beneath" : `Bar ${i + 2}`}
            value={bar}
            options={[
              { value: "", label: "–" },
              ...groups.filter(({ value }) => value === bar || !taken.includes(value)),
            ]}
            onChange={(name) => set({ bars: bars.with(i, name).filter((each) => each !== "") })}
          />
        ))}
      <Choice
        label="Cells"
        value={figure.cells}
        options={[
          {
            value: "all",
            label: `${tally.inside < tally.total ? "Of the subset" : "All"} (${formatCount(tally.inside)})`,
          },
          { value: "selected", label: `Selected (${formatCount(tally.selected)})` },
        ]}
        onChange={(cells) => set({ cells: cells as Figure["cells"] })}
      />
      {withGenes && dataset.layers.length > 1 && (
        <Choice
          label="Layer"
          value={figure.layer}
          options={dataset.layers.map((name) => ({ value: name, label: name }))}
          onChange={(layer) => set({ layer })}
        />
      )}
      {kind === "dot" && (
        <Amount
          label="Expressed above"
          value={figure.cutoff}
          least={-1e9}
          most={1e9}
          onChange={(cutoff) => cutoff !== null && set({ cutoff })}
        />
      )}
      {scales && (
        <Choice
          label="Colors"
          value={scales.includes(figure.scale) ? figure.scale : "none"}
          options={scales.map((value) => ({ value, label: SCALE_LABELS[value] }))}
          onChange={(scale) => set({ scale: scale as Figure["scale"] })}
        />
      )}
      {kind === "grid" && (
        <Box checked={figure.scale === "group"} onChange={(on) => set({ scale: on ? "group" : "none" })}>
          One scale for all panels
        </Box>
      )}
      {withGenes && kind !== "grid" && (
        <Box checked={figure.order === "similar"} onChange={(on) => set({ order: on ? "similar" : "given" })}>
          Similar ones together
        </Box>
      )}
      {(kind === "dot" || kind === "matrix" || kind === "stacked") && (
        <Box checked={figure.swap} onChange={(swap) => set({ swap })}>
          Genes down
        </Box>
      )}
      {kind === "composition" && (
        <Box checked={figure.share} onChange={(share) => set({ share })}>
          Shares instead of numbers
        </Box>
      )}
    </>
  );
}
