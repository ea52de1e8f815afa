// The tri-state box of a categorical column.

import { categoriesFilter } from "../../state/filters";
import type { Filter } from "../../state/state";

export type Category = string | null; // null: the missing values

/** How many of the boxes of a column are ticked; `all` holds all its values. */
export function tickState(
  filters: Filter[],
  column: string,
  all: readonly Category[],
): "all" | "some" | "none" {
  const filter = categoriesFilter(filters, column);
  if (!filter) return "all";
  const listed = new Set(filter.values);
  const ticked = all.filter((value) => listed.has(value) === (filter.mode === "include")).length;
  return ticked === 0 ? "none" : ticked === all.length ? "all" : "some";
}
