// What happens to the list of filters, purely: each column, source and embedding has at most one.

import type { Filter, RegionStep, Source } from "./state";

type CategoriesFilter = Extract<Filter, { kind: "categories" }>;
type Value = string | null;

/** What a filter acts on; two filters with the same subject exclude each other. */
export function subject(filter: Filter): string {
  switch (filter.kind) {
    case "categories":
      return `categories/${filter.column}`;
    case "range":
      return rangeSubject(filter.source);
    case "region":
      return `region/${filter.embedding}`;
    case "cells":
      return "cells";
    case "group":
      return `group/${JSON.stringify(filter)}`; // there may be several; the same one twice is one
  }
}

/** The list with this filter in the place of the one with the same subject, or at the end. */
export function withFilter(filters: Filter[], filter: Filter): Filter[] {
  const at = filters.findIndex((other) => subject(other) === subject(filter));
  return at < 0 ? [...filters, filter] : filters.with(at, filter);
}

/** With one filter per subject, the last one given: what comes from outside may repeat itself. */
export const oneEach = (filters: Filter[]): Filter[] => [
  ...new Map(filters.map((filter) => [subject(filter), filter])).values(),
];

export const without = (filters: Filter[], gone: string): Filter[] =>
  filters.filter((filter) => subject(filter) !== gone);

/** Two sources with one id are the same, whatever genes a set has by now. */
export function sourceId(source: Source): string {
  if (source.kind === "set") return `set/${source.method}/${source.name}`;
  const layer = source.kind === "gene" ? source.layer : undefined;
  return `${source.kind}/${source.name}${layer === undefined ? "" : `\t${layer}`}`;
}

export const rangeSubject = (source: Source): string => `range/${sourceId(source)}`;

export function categoriesFilter(filters: Filter[], column: string): CategoriesFilter | undefined {
  return filters.find((f): f is CategoriesFilter => f.kind === "categories" && f.column === column);
}

/** Whether cells with this value pass the column's tick boxes. */
export function isTicked(filters: Filter[], column: string, value: Value): boolean {
  const filter = categoriesFilter(filters, column);
  return !filter || filter.values.includes(value) === (filter.mode === "include");
}

/** The tick boxes of a column with these values ticked; all of them means no filter. */
export function withTicked(filters: Filter[], column: string, ticked: Value[], all: Value[]): Filter[] {
  const kept = new Set(ticked);
  const excluded = all.filter((value) => !kept.has(value));
  if (excluded.length === 0) return without(filters, `categories/${column}`);
  // The shorter list is kept: a column may have thousands of categories.
  const included = all.filter((value) => kept.has(value));
  const filter: CategoriesFilter =
    excluded.length <= included.length
      ? { kind: "categories", column, mode: "exclude", values: excluded }
      : { kind: "categories", column, mode: "include", values: included };
  return withFilter(filters, filter);
}

/** One more drag of the lasso or rectangle. A replacing one that encloses nothing clears the region. */
export function withRegion(filters: Filter[], embedding: string, step: RegionStep): Filter[] {
  const drawn = filters.find((f) => f.kind === "region" && f.embedding === embedding);
  const before = drawn?.kind === "region" ? drawn.steps : [];
  if (!enclosesSomething(step)) {
    return step.mode === "replace" ? without(filters, `region/${embedding}`) : filters;
  }
  const steps = step.mode === "replace" ? [step] : [...before, step];
  return withFilter(filters, { kind: "region", embedding, steps });
}

function enclosesSomething({ shape, points }: RegionStep): boolean {
  if (shape === "lasso") return points.length >= 3;
  const [a, b] = points;
  return a !== undefined && b !== undefined && a[0] !== b[0] && a[1] !== b[1];
}
