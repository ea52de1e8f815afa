// Which cells are compared with which, as descriptions: the view has these, the server keeps the results by
// their content. What runs is in comparisonRuns.ts.

import { conjunction, leavesOf } from "./selecting";
import type { Filter, ViewState } from "./state";

/** One group of a comparison. */
export type CellGroup =
  | { kind: "category"; column: string; value: string } // all its cells
  | { kind: "filters"; filters: Filter[]; name: string; count: number | null }; // count: when it was taken

/** What it is compared with. */
export type Against = CellGroup | { kind: "rest"; within: Filter[] }; // all other cells that pass `within`

export type Method = "t-test" | "wilcoxon" | "cellxgene";

interface How {
  name: string; // no two comparisons have the same
  method: Method;
  layer: string;
}

export type Comparison =
  | (How & { kind: "groups"; a: CellGroup; b: Against })
  | (How & { kind: "markers"; column: string }) // each category against the rest
  | { kind: "ranking"; name: string; key: string }; // of scanpy, in uns

/** The groups that are being put together. */
export interface Groups {
  a: CellGroup | null;
  b: Against;
}

export interface Comparing {
  method: Method;
  layer: string;
  shown: string[]; // names of the comparisons in the dock, one or two
}

export type ComparingAction =
  | { type: "setGroup"; side: "a"; group: CellGroup | null }
  | { type: "setGroup"; side: "b"; group: Against }
  | { type: "swapGroups" }
  | { type: "setComparing"; changes: Partial<Comparing> }
  | { type: "addComparison"; comparison: Comparison } // and shows it
  | { type: "renameComparison"; name: string; to: string }
  | { type: "removeComparison"; name: string };

export const REST: Against = { kind: "rest", within: [] };
export const MOST_COMPARISONS = 50;
export const MOST_SHOWN = 2;

type Part = Pick<ViewState, "groups" | "comparisons" | "comparing">;

export function comparingChanges(state: Part, action: ComparingAction): Partial<Part> {
  const { groups, comparisons, comparing } = state;
  switch (action.type) {
    case "setGroup":
      return { groups: { ...groups, [action.side]: action.group } };
    case "swapGroups":
      // The rest of nothing is nothing: it cannot be A.
      return groups.a && groups.b.kind !== "rest" ? { groups: { a: groups.b, b: groups.a } } : {};
    case "setComparing":
      return { comparing: { ...comparing, ...action.changes } };
    case "addComparison": {
      const { comparison } = action;
      const same = comparisons.find((other) => contentOf(other) === contentOf(comparison));
      if (same) return { comparing: { ...comparing, shown: [same.name] } };
      const name = freeName(comparison.name, comparisons);
      return {
        comparisons: [{ ...comparison, name }, ...comparisons].slice(0, MOST_COMPARISONS),
        comparing: { ...comparing, shown: [name] },
      };
    }
    case "renameComparison": {
      const to = action.to.trim();
      if (to === "" || to === action.name) return {};
      const taken = comparisons.filter(({ name }) => name !== action.name);
      const name = freeName(to, taken);
      return {
        comparisons: comparisons.map((each) => (each.name === action.name ? { ...each, name } : each)),
        comparing: {
          ...comparing,
          shown: comparing.shown.map((each) => (each === action.name ? name : each)),
        },
      };
    }
    case "removeComparison":
      return {
        comparisons: comparisons.filter(({ name }) => name !== action.name),
        comparing: { ...comparing, shown: comparing.shown.filter((name) => name !== action.name) },
      };
  }
}

/** The same for comparisons that have one result, whatever they are called. */
export function contentOf(comparison: Comparison): string {
  if (comparison.kind === "ranking") return JSON.stringify(["ranking", comparison.key]);
  const { kind, method, layer } = comparison;
  const cells = kind === "markers" ? comparison.column : [comparison.a, comparison.b].map(cellsOf);
  return JSON.stringify([kind, method, layer, cells]);
}

const cellsOf = (group: Against) =>
  group.kind === "category" ? [group.column, group.value] : [group.kind, filtersOf(group)];

function freeName(wish: string, taken: readonly { name: string }[]): string {
  const names = new Set(taken.map(({ name }) => name));
  let name = wish;
  for (let i = 2; names.has(name); i++) name = `${wish} (${i})`;
  return name;
}

/** The filters that a group is described by. */
export function filtersOf(group: Against): Filter[] {
  if (group.kind === "filters") return group.filters;
  if (group.kind === "rest") return group.within;
  return [categoryFilter(group.column, group.value)];
}

export const categoryFilter = (column: string, value: string | null): Filter => ({
  kind: "categories",
  column,
  mode: "include",
  values: [value],
});

/** All cells of a category; of the subset, where there is one. */
export function groupOfCategory(
  view: ViewState,
  column: string,
  value: string | null,
  count: number,
): CellGroup {
  if (value !== null && view.subset.length === 0) return { kind: "category", column, value };
  const filters = conjunction([...view.subset, [categoryFilter(column, value)]]);
  return { kind: "filters", filters, name: value ?? `${column}: missing`, count };
}

/** All other cells; of a category and of the subset, where these are given. */
export function restOf(view: ViewState, filters: Filter[] = []): Against {
  return { kind: "rest", within: conjunction([...view.subset, filters]) };
}

/** Every filter that comparisons know of. */
export function filtersOfComparisons({ groups, comparisons }: Partial<Part>): Filter[] {
  const compared = (comparisons ?? []).flatMap((each) => (each.kind === "groups" ? [each.a, each.b] : []));
  return [...compared, ...(groups ? [groups.b] : []), ...(groups?.a ? [groups.a] : [])].flatMap(filtersOf);
}

/** Without groups of sets of cells that are not there, where the view goes or has come. */
export function withKnownCells<T extends Partial<Part>>(view: T, known: (key: string) => boolean): T {
  const { groups, comparisons } = view;
  const told = (group: Against): boolean =>
    leavesOf(filtersOf(group)).every((leaf) => leaf.kind !== "cells" || known(leaf.key));
  return {
    ...view,
    ...(groups && {
      groups: { a: groups.a && told(groups.a) ? groups.a : null, b: told(groups.b) ? groups.b : REST },
    }),
    ...(comparisons && {
      comparisons: comparisons.filter((each) => each.kind !== "groups" || (told(each.a) && told(each.b))),
    }),
  };
}
