import { useMemo } from "react";
import { obsKey } from "../../data/keys";
import { type CellGroup, groupOfCategory } from "../../state/comparing";
import { conjunction } from "../../state/selecting";
import type { ViewState } from "../../state/state";
import type { Viewer } from "../../state/viewer";
import { useApp, useCounts, useView, useViewer } from "../useViewer";
import { filtersWords } from "./words";

export interface Pick {
  id: string;
  label: string;
  count: number | null;
  disabled?: boolean;
}

export interface PickSection {
  title: string;
  picks: Pick[];
}

const MOST = 200; // of all sections: who has more categories types what they look for

/** What can be a group, as far as it matches what was typed. */
export function useGroupPicks(side: "a" | "b", text: string) {
  const viewer = useViewer();
  const view = useView((state) => state);
  const dataset = useApp((state) => state.dataset);
  const selected = useApp((state) => state.tally.selected);
  const counts = useCounts();
  const columns = useApp((state) => state.columns);

  // biome-ignore lint/correctness/useExhaustiveDependencies: counts and columns are the same object with other contents
  const sections = useMemo(() => {
    const typed = text.trim().toLowerCase();
    const matches = (label: string): boolean => label.toLowerCase().includes(typed);
    const found: PickSection[] = [];
    let room = MOST;
    const add = (title: string, picks: Pick[]): void => {
      const shown = picks.slice(0, room);
      room -= shown.length;
      if (shown.length > 0) found.push({ title, picks: shown });
    };
    const now: Pick[] = [
      ...(side === "b" ? [{ id: "rest", label: "All other cells", count: null }] : []),
      {
        id: "selection",
        label: "The selection",
        count: selected,
        disabled: view.filters.length === 0 || selected === 0,
      },
    ];
    add(
      "Now",
      now.filter(({ label }) => matches(label)),
    );
    add(
      "Named selections",
      view.selections
        .map(({ name }) => ({ id: `named/${name}`, label: name, count: null }))
        .filter(({ label }) => matches(label)),
    );
    for (const { name, kind } of dataset?.obs ?? []) {
      if (kind !== "categorical" && kind !== "boolean") continue;
      const categories = categoriesOf(viewer, name);
      const tallies = counts.categories(name);
      const picks = categories.map((value, code) => ({
        id: `category/${JSON.stringify([name, value])}`,
        label: value,
        count: tallies?.total[code] ?? null,
      }));
      // Who types the column's name sees all of it.
      add(name, matches(name) ? picks : picks.filter(({ label }) => matches(label)));
    }
    return found;
  }, [viewer, side, text, view.filters, view.selections, dataset, selected, counts, columns]);

  const groupOf = (id: string): CellGroup | null | undefined => {
    if (id === "rest") return null;
    if (id === "selection") return selectionGroup(view, selected);
    if (id.startsWith("named/")) return namedGroup(view, id.slice("named/".length));
    const [column, value] = JSON.parse(id.slice("category/".length)) as [string, string];
    return categoryGroup(viewer, view, column, value);
  };
  return { sections, groupOf };
}

function categoriesOf(viewer: Viewer, column: string): string[] {
  const loaded = viewer.columns.get(obsKey(column));
  if (loaded?.kind === "categorical") return loaded.categories;
  return viewer.store.getState().dataset?.obs.find(({ name }) => name === column)?.categories ?? [];
}

/** All cells of a category, as they count now. */
export function categoryGroup(
  viewer: Viewer,
  view: ViewState,
  column: string,
  value: string | null,
): CellGroup {
  const tallies = viewer.counts.categories(column);
  const code = value === null ? -1 : categoriesOf(viewer, column).indexOf(value);
  const count = code < 0 ? (tallies?.missing.total ?? 0) : (tallies?.total[code] ?? 0);
  return groupOfCategory(view, column, value, count);
}

/** The cells that are selected now. */
export function selectionGroup(view: ViewState, count: number): CellGroup | undefined {
  const { filters, subset } = view;
  if (filters.length === 0) return undefined;
  const [only] = filters;
  // What is a category stays one: the server may know its sums already.
  if (filters.length === 1 && subset.length === 0 && only?.kind === "categories" && only.mode === "include") {
    const [value, ...more] = only.values;
    if (typeof value === "string" && more.length === 0)
      return { kind: "category", column: only.column, value };
  }
  return { kind: "filters", filters: conjunction([...subset, filters]), name: filtersWords(filters), count };
}

function namedGroup(view: ViewState, name: string): CellGroup | undefined {
  const found = view.selections.find((selection) => selection.name === name);
  return found && { kind: "filters", filters: found.filters, name, count: null };
}
