// The result of a comparison: a table with a row per gene (docs/diffexp.md), column by column.

import type { Answer } from "../api/answers";
import { categorical, numbers, texts } from "../api/arrow";
import { Undecodable } from "../api/errors";
import { arrowTable } from "../api/tables";

/** The numbers of a row, in the order in which people ask: what a table has no room for is found by scrolling. */
export const STATS = [
  "log2_fold_change",
  "mean_difference",
  "p_adjusted",
  "score",
  "fraction_a",
  "fraction_b",
  "auroc",
  "cohens_d",
  "p",
  "mean_a",
  "mean_b",
] as const;
export type Stat = (typeof STATS)[number];

export interface Results {
  length: number;
  genes: string[];
  /** Of markers and rankings: which category a row is about. */
  groups: { codes: ArrayLike<number>; names: string[] } | null;
  numbers: Partial<Record<Stat, Float64Array>>; // those that there are
  /** Cells in A, B and both; null where it is not one comparison. */
  cells: { a: number; b: number; both: number } | null;
  /** Category → why it could not be compared. */
  leftOut: Record<string, string>;
}

export function resultsOf(answer: Answer): Results {
  const { columns, about } = arrowTable(answer);
  const gene = columns.get("gene");
  const category = columns.get("category");
  if (!gene && !category) throw new Undecodable("it has no genes");
  const found: Results["numbers"] = {};
  for (const stat of STATS) {
    const column = columns.get(stat);
    if (column) found[stat] = Float64Array.from(numbers(column).values);
  }
  const said = (name: string): number => Number(about.get(name));
  const groups = category && categorical(category);
  return {
    length: gene?.length ?? 0, // where no category can be compared, there are no genes
    genes: gene ? texts(gene) : [],
    groups: groups ? { codes: groups.codes, names: groups.categories } : null,
    numbers: found,
    cells: about.has("n_a") ? { a: said("n_a"), b: said("n_b"), both: said("n_both") } : null,
    leftOut: JSON.parse(about.get("left_out") ?? "{}") as Record<string, string>,
  };
}
