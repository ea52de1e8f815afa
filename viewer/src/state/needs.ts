// What follows from a view: which columns it needs, how many cells it draws.

import type { Columns } from "../data/columns";
import { type ColumnKey, geneKey, layoutKey, obsKey, scatterName, sourceKey } from "../data/keys";
import { neededBy } from "../data/resolve";
import { scatterParts } from "../data/scatter";
import { leavesOf } from "./selecting";
import type { Panel, ViewState } from "./state";
import type { DatasetInfo, Tally } from "./store";

/** The embedding that is drawn: the view's, else the dataset's default. */
export function shownEmbedding(view: ViewState, dataset: DatasetInfo | null): string | null {
  return view.embedding ?? dataset?.defaultEmbedding ?? null;
}

export function filterColumns(view: ViewState): ColumnKey[] {
  const holding = leavesOf([...view.filters, ...view.subset.flat()]);
  return holding.map(neededBy).filter((key) => key !== null);
}

export function neededColumns(view: ViewState, dataset: DatasetInfo): Set<ColumnKey> {
  const embedding = shownEmbedding(view, dataset);
  const keys = new Set([
    ...scatterColumns(view),
    ...view.panels.flatMap(panelColumns),
    ...(embedding === null ? [] : [layoutKey(embedding)]),
    ...(view.color ? [sourceKey(view.color)] : []),
    ...filterColumns(view),
    ...view.hoverColumns.map(sourceKey),
    ...view.genes.map(geneKey),
  ]);
  for (const key of [...keys]) for (const part of scatterParts(key) ?? []) keys.add(part);
  return keys;
}

/** Of the axis that is chosen, or of both. */
function scatterColumns({ scatter: { x, y } }: ViewState): ColumnKey[] {
  if (x !== null && y !== null) return [layoutKey(scatterName(x, y))];
  return [x, y].flatMap((gene) => (gene === null ? [] : [geneKey(gene)]));
}

function panelColumns({ embedding, color, only }: Panel): ColumnKey[] {
  return [
    ...(embedding === null ? [] : [layoutKey(embedding)]),
    ...(color ? [sourceKey(color)] : []),
    ...(only ? [obsKey(only.column)] : []),
  ];
}

export function tallyOf(
  view: ViewState,
  dataset: DatasetInfo,
  columns: Columns,
  counted: Pick<Tally, "selected" | "inside">,
): Tally {
  const { nObs: total, missing } = dataset;
  const embedding = shownEmbedding(view, dataset);
  if (embedding === null) return { total, drawn: 0, ...counted };
  const column = columns.get(layoutKey(embedding));
  return { total, drawn: total - (column?.missing ?? missing[embedding] ?? 0), ...counted };
}

// Parts of the view that columns or counts depend on.
const FOLLOWED = [
  "color",
  "embedding",
  "filters",
  "subset",
  "clip",
  "genes",
  "scatter",
  "panels",
  "image",
  "hoverColumns",
] as const;

export function sameNeeds(view: ViewState, before: ViewState): boolean {
  return FOLLOWED.every((key) => view[key] === before[key]);
}
