// One panel for each category of a column, as far as they can be told apart on a screen.

import { formatCount } from "../../lib/format";
import { MAX_SPLIT, NEW_PANEL } from "../../state/panels";
import type { Panel } from "../../state/state";
import type { CategoricalColumn, CategoryCounts } from "../../state/viewer";

const MOST = MAX_SPLIT - 1; // the first panel shows all cells

/** In the column's order; of too many categories those with the most cells. Empty ones get none. */
export function splitPanels(
  column: string,
  { categories, missing }: CategoricalColumn,
  counts: CategoryCounts | null,
): Panel[] {
  const all = categories.map((value, code) => ({
    value: value as string | null,
    cells: cellsOf(counts, code),
  }));
  if (missing > 0) all.push({ value: null, cells: missing });
  const filled = all.filter(({ cells }) => cells > 0);
  const least = filled.map(({ cells }) => cells).sort((a, b) => b - a)[MOST - 1] ?? 0;
  const larger = filled.filter(({ cells }) => cells > least).length;
  let room = MOST - larger; // for those of exactly `least` cells
  const chosen = filled.filter(({ cells }) => cells > least || (cells === least && room-- > 0));
  return chosen.map(({ value }) => ({ ...NEW_PANEL, only: { column, value } }));
}

/** What is left out, in one sentence; null when nothing is. */
export function splitSentence(
  column: string,
  shown: number,
  { categories }: CategoricalColumn,
): string | null {
  if (shown < MOST || categories.length <= shown) return null;
  return `Of the ${formatCount(categories.length)} categories of “${column}”, the ${shown} with the most cells have a panel.`;
}

const cellsOf = (counts: CategoryCounts | null, code: number): number => counts?.total[code] ?? 1;
