// What follows from a view: which columns it needs, how many cells it draws.

import type { Columns } from "../data/columns";
import { type ColumnKey, geneKey, layoutKey, sourceKey } from "../data/keys";
import { neededBy } from "../data/resolve";
import type { ViewState } from "./state";
import type { DatasetInfo, Tally } from "./store";

/** The embedding that is drawn: the view's, else the dataset's default. */
export function shownEmbedding(view: ViewState, dataset: DatasetInfo | null): string | null {
  return view.embedding ?? dataset?.defaultEmbedding ?? null;
}

export function filterColumns(view: ViewState): ColumnKey[] {
  return view.filters.map(neededBy).filter((key) => key !== null);
}

export function neededColumns(view: ViewState, dataset: DatasetInfo): Set<ColumnKey> {
  const embedding = shownEmbedding(view, dataset);
  return new Set([
    ...(embedding === null ? [] : [layoutKey(embedding)]),
    ...(view.color ? [sourceKey(view.color)] : []),
    ...filterColumns(view),
    ...view.genes.map(geneKey),
  ]);
}

export function tallyOf(view: ViewState, dataset: DatasetInfo, columns: Columns, selected: number): Tally {
  const { nObs: total, missing } = dataset;
  const embedding = shownEmbedding(view, dataset);
  if (embedding === null) return { total, drawn: 0, selected };
  const column = columns.get(layoutKey(embedding));
  return { total, drawn: total - (column?.missing ?? missing[embedding] ?? 0), selected };
}
