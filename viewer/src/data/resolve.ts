// Filters of the view state → filters of the crossfilter: names become codes, columns become keys.

import type { Filter, FilterGroup } from "../state/state";
import type { ResolvedFilter } from "./crossfilter";
import { type ColumnKey, layoutKey, obsKey, sourceKey } from "./keys";
import type { CategoricalColumn, LoadedColumn } from "./values";

/** The column that a filter needs; null when it needs none. */
export function neededBy(filter: Filter): ColumnKey | null {
  if (filter.kind === "categories") return obsKey(filter.column);
  if (filter.kind === "range") return sourceKey(filter.source);
  if (filter.kind === "region") return layoutKey(filter.embedding);
  return null;
}

/** null while anything that the group needs is not here. */
export function resolveGroup(
  { op, not, filters }: FilterGroup,
  subject: string,
  each: (filter: Filter) => ResolvedFilter | null,
): ResolvedFilter | null {
  const inner = filters.map(each);
  if (inner.includes(null)) return null;
  const resolved = inner.filter((filter) => filter !== null);
  // A set of cells may be given other cells under its key: the ids of the parts know.
  const id = JSON.stringify([op, not, resolved.map((filter) => filter.id)]);
  return { subject, id, kind: "group", op, not, filters: resolved };
}

/** null while what the filter needs is not here. */
export function resolve(
  filter: Filter,
  subject: string,
  column: LoadedColumn | undefined,
  hasCells: (key: string) => boolean,
): ResolvedFilter | null {
  const id = JSON.stringify(filter);
  if (filter.kind === "cells") {
    return hasCells(filter.key) ? { subject, id, kind: "cells", key: filter.key } : null;
  }
  const key = neededBy(filter);
  if (!column || key === null) return null;
  if (filter.kind === "categories" && column.kind === "categorical") {
    return { subject, id, kind: "categories", key, passing: passing(filter, column) };
  }
  if (filter.kind === "range" && column.kind === "continuous") {
    return { subject, id, kind: "range", key, min: filter.min, max: filter.max };
  }
  if (filter.kind === "region" && column.kind === "embedding") {
    return { subject, id, kind: "region", key, steps: filter.steps };
  }
  return null;
}

/** By code + 1: whether cells of that category pass; the first entry is for missing values. */
function passing(
  { mode, values }: Extract<Filter, { kind: "categories" }>,
  { categories }: CategoricalColumn,
): Uint8Array {
  const named = new Set(values);
  const include = mode === "include";
  const slots = [null, ...categories];
  return Uint8Array.from(slots, (value) => (named.has(value) === include ? 1 : 0));
}
