// What happens to filters as a whole, purely: inverted, joined by "or", kept as a subset, kept under a name.

import { oneEach, subject } from "./filters";
import type { ColorBy, Filter, FilterGroup, NamedSelection, ViewState } from "./state";

export type SelectingAction =
  | { type: "invertFilters" }
  // one filter of `filters`, or with `within` one of the group there
  | { type: "negateFilter"; index: number; within?: number }
  | { type: "joinFilters"; index: number } // this filter "or" the next
  | { type: "splitGroup"; index: number }
  | { type: "subset" }
  | { type: "resetSubset"; levels?: number } // how many to take off; all without it
  | { type: "setClip"; low: number; high: number }
  | { type: "setCentroids"; shown: boolean }
  | { type: "setHoverColumns"; columns: ColorBy[] }
  | { type: "saveSelection"; name: string }
  | { type: "recallSelection"; name: string; mode: "replace" | "and" | "or" | "without" }
  | { type: "renameSelection"; name: string; to: string }
  | { type: "deleteSelection"; name: string };

export const MOST_SELECTIONS = 100;

export function selectingChanges(state: ViewState, action: SelectingAction): Partial<ViewState> {
  const { filters, subset, selections } = state;
  switch (action.type) {
    case "invertFilters":
      return { filters: filters.length === 0 ? filters : inverted(filters) };
    case "negateFilter":
      return { filters: oneEach(negatedAt(filters, action.index, action.within)) };
    case "joinFilters":
      return { filters: joined(filters, action.index) };
    case "splitGroup":
      return { filters: split(filters, action.index) };
    case "subset":
      return filters.length === 0 ? {} : { subset: [...subset, filters], filters: [] };
    case "resetSubset":
      return { subset: subset.slice(0, Math.max(0, subset.length - (action.levels ?? subset.length))) };
    case "setClip":
      return { clip: validClip([action.low, action.high]) ? [action.low, action.high] : state.clip };
    case "setCentroids":
      return { centroids: action.shown };
    case "setHoverColumns":
      return { hoverColumns: action.columns };
    case "saveSelection":
      return { selections: saved(selections, action.name, conjunction([...subset, filters])) };
    case "recallSelection": {
      const found = selections.find(({ name }) => name === action.name);
      return found ? { filters: combined(filters, found, action.mode) } : {};
    }
    case "renameSelection":
      return { selections: renamed(selections, action.name, action.to) };
    case "deleteSelection":
      return { selections: selections.filter(({ name }) => name !== action.name) };
  }
}

export const validClip = ([low, high]: readonly [number, number]): boolean =>
  low >= 0 && high <= 100 && low < high;

/** All filters that are no groups, those in groups too. */
export function leavesOf(filters: readonly Filter[]): Exclude<Filter, FilterGroup>[] {
  return filters.flatMap((filter) => (filter.kind === "group" ? leavesOf(filter.filters) : [filter]));
}

/** Every filter that a view knows of: those that hold, those of its subset, those under a name. */
export const everyLeaf = (view: Partial<ViewState>): Exclude<Filter, FilterGroup>[] =>
  leavesOf([
    ...(view.filters ?? []),
    ...(view.subset ?? []).flat(),
    ...(view.selections ?? []).flatMap((selection) => selection.filters),
  ]);

/** Without what `keep` refuses, at any depth; groups that are left with nothing go too. */
export function sifted(
  filters: readonly Filter[],
  keep: (filter: Exclude<Filter, FilterGroup>) => boolean,
): Filter[] {
  return filters.flatMap((filter): Filter[] => {
    if (filter.kind !== "group") return keep(filter) ? [filter] : [];
    const inner = sifted(filter.filters, keep);
    return inner.length > 0 ? [{ ...filter, filters: inner }] : [];
  });
}

/** The same in all parts of a view that have filters. */
export function siftedView<T extends Partial<ViewState>>(
  view: T,
  keep: (filter: Exclude<Filter, FilterGroup>) => boolean,
): T {
  const { filters, subset, selections } = view;
  return {
    ...view,
    ...(filters && { filters: sifted(filters, keep) }),
    ...(subset && { subset: subset.map((level) => sifted(level, keep)).filter(notEmpty) }),
    ...(selections && {
      selections: selections
        .map(({ name, filters: own }) => ({ name, filters: sifted(own, keep) }))
        .filter((selection) => notEmpty(selection.filters)),
    }),
  };
}

const notEmpty = (list: unknown[]): boolean => list.length > 0;

/** The other cells: those that do not pass all of these. */
function inverted(filters: Filter[]): Filter[] {
  const [only] = filters;
  if (filters.length === 1 && only) return negated(only);
  return [{ kind: "group", op: "all", not: true, filters }];
}

/** One filter as those that let the other cells pass. */
function negated(filter: Filter): Filter[] {
  if (filter.kind === "categories") {
    return [{ ...filter, mode: filter.mode === "include" ? "exclude" : "include" }];
  }
  if (filter.kind !== "group") return [{ kind: "group", op: "all", not: true, filters: [filter] }];
  // Taken back, a group that was only there to say "not" leaves what was in it.
  if (filter.not && filter.op === "all" && filter.name === undefined) return filter.filters;
  return [{ ...filter, not: !filter.not }];
}

function negatedAt(filters: Filter[], index: number, within?: number): Filter[] {
  return filters.flatMap((filter, i): Filter[] => {
    if (i !== index) return [filter];
    if (within === undefined) return negated(filter);
    if (filter.kind !== "group") return [filter];
    const inner = filter.filters.flatMap((each, j) => (j === within ? asOne(negated(each)) : [each]));
    return [{ ...filter, filters: inner }];
  });
}

/** Inside an "or", several filters that hold together stay together. */
const asOne = (filters: Filter[]): Filter[] =>
  filters.length === 1 ? filters : [{ kind: "group", op: "all", not: false, filters }];

const isAny = (filter: Filter): filter is FilterGroup =>
  filter.kind === "group" && filter.op === "any" && !filter.not && filter.name === undefined;

/** The parts of an "or"; any other filter is its own part. */
const parts = (filter: Filter): Filter[] => (isAny(filter) ? filter.filters : [filter]);

function joined(filters: Filter[], index: number): Filter[] {
  const [first, second] = [filters[index], filters[index + 1]];
  if (!first || !second) return filters;
  const group: FilterGroup = {
    kind: "group",
    op: "any",
    not: false,
    filters: [...parts(first), ...parts(second)],
  };
  return [...filters.slice(0, index), group, ...filters.slice(index + 2)];
}

/** The group's filters in its place. Two of one subject cannot hold beside each other: they stay groups. */
function split(filters: Filter[], index: number): Filter[] {
  const group = filters[index];
  if (group?.kind !== "group" || group.not) return filters;
  const taken = new Set(filters.filter((_, i) => i !== index).map(subject));
  const loose = group.filters.map((filter): Filter => {
    const own = subject(filter);
    const clash = taken.has(own);
    taken.add(own);
    return clash ? { kind: "group", op: "all", not: false, filters: [filter] } : filter;
  });
  return [...filters.slice(0, index), ...loose, ...filters.slice(index + 1)];
}

/** Filters that hold when all of several lists do. */
export function conjunction(lists: Filter[][]): Filter[] {
  const full = lists.filter(notEmpty);
  const flat = full.flat();
  const clash = new Set(flat.map(subject)).size < flat.length;
  return clash ? full.flatMap((filters) => ({ kind: "group", op: "all", not: false, filters })) : flat;
}

function saved(selections: NamedSelection[], name: string, filters: Filter[]): NamedSelection[] {
  const text = name.trim();
  if (text === "" || filters.length === 0) return selections;
  const at = selections.findIndex((other) => other.name === text);
  const entry = { name: text, filters };
  return at < 0 ? [...selections, entry].slice(-MOST_SELECTIONS) : selections.with(at, entry);
}

function renamed(selections: NamedSelection[], from: string, to: string): NamedSelection[] {
  const text = to.trim();
  if (text === "" || selections.some(({ name }) => name === text)) return selections;
  return selections.map((entry) => (entry.name === from ? { ...entry, name: text } : entry));
}

function combined(
  filters: Filter[],
  { name, filters: own }: NamedSelection,
  mode: "replace" | "and" | "or" | "without",
): Filter[] {
  const group: FilterGroup = { kind: "group", op: "all", not: mode === "without", filters: own, name };
  if (mode === "replace") return own;
  if (mode !== "or") return oneEach([...filters, group]);
  if (filters.length === 0) return filters; // all cells, or these: all cells
  const before = filters.length === 1 ? parts(filters[0]!) : asOne(filters);
  return [{ kind: "group", op: "any", not: false, filters: [...before, group] }];
}
