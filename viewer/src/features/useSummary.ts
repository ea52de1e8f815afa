// What somebody who does not see the plot is told of it: how many cells are selected, and of which kinds.

import { obsKey } from "../data/keys";
import { formatCount } from "../lib/format";
import { useApp, useColumn, useCounts, useView } from "./useViewer";

const MOST = 3; // categories: nobody listens to more

/** "432 of 700 cells selected. By louvain: CD4 T 40 %, B 12 % and 6 more." Empty until there are cells. */
export function useSummary(): string {
  const { total, inside, selected } = useApp((state) => state.tally);
  const color = useView((view) => view.color);
  const name = color?.kind === "obs" ? color.name : null;
  const { column } = useColumn(name === null ? null : obsKey(name));
  const counts = useCounts();
  if (total === 0) return "";
  const subset = inside < total ? `, a subset of ${formatCount(total)},` : "";
  const all = `${formatCount(selected)} of ${formatCount(inside)} cells${subset} selected.`;
  if (!color) return all;
  const found = name !== null && column?.kind === "categorical" ? counts.categories(name) : null;
  if (!found || column?.kind !== "categorical") return `${all} Colored by ${color.name}.`;
  return `${all} ${shares(color.name, column.categories, found.selected)}`;
}

export function shares(name: string, categories: readonly string[], counts: ArrayLike<number>): string {
  const present = categories
    .map((category, i) => ({ category, n: counts[i] ?? 0 }))
    .filter(({ n }) => n > 0)
    .sort((a, b) => b.n - a.n);
  const sum = present.reduce((before, { n }) => before + n, 0);
  if (sum === 0) return `None has a ${name}.`;
  const first = present.slice(0, MOST).map(({ category, n }) => `${category} ${percent(n / sum)}`);
  const more = present.length - first.length;
  return `By ${name}: ${first.join(", ")}${more > 0 ? ` and ${more} more` : ""}.`;
}

const percent = (part: number): string => (part < 0.01 ? "below 1 %" : `${Math.round(100 * part)} %`);
