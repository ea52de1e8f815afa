// Wherever a view names a gene set: its color, its filters, its panels. What is shown is the set as it is now.

import { sameJson } from "./actions";
import type { GeneSet, SetSource, ViewState } from "./state";

const PLACES = ["color", "filters", "subset", "selections", "panels", "hoverColumns"] as const;

const GONE = Symbol("gone");

/** What changes of the view when each set in it becomes what `change` says; null: it is no longer there. */
export function mapSets(
  view: ViewState,
  change: (source: SetSource) => SetSource | null,
): Partial<ViewState> {
  const found: Record<string, unknown> = {};
  for (const place of PLACES) {
    if (!JSON.stringify(view[place]).includes('"set"')) continue;
    const next = walk(view[place], change);
    if (!sameJson(next, view[place])) found[place] = next === GONE ? null : next;
  }
  return found as Partial<ViewState>;
}

/** The view's sets with the genes that those of these names have; others stay as the view has them. */
export function withGenesOf(view: ViewState, sets: readonly GeneSet[]): Partial<ViewState> {
  const genes = new Map(sets.map((set) => [set.name, set.genes]));
  return mapSets(view, (source) => {
    const now = genes.get(source.name);
    return now && now.length > 0 ? { ...source, genes: now } : source;
  });
}

/** A value of a view; GONE when it stands or falls with a set that is gone. */
function walk(value: unknown, change: (source: SetSource) => SetSource | null): unknown {
  if (Array.isArray(value)) {
    return value.map((item: unknown) => walk(item, change)).filter((item) => item !== GONE);
  }
  if (typeof value !== "object" || value === null) return value;
  if ((value as SetSource).kind === "set") return change(value as SetSource) ?? GONE;
  const parts = Object.entries(value).map(([key, part]) => {
    const next = walk(part, change);
    return [key, next === GONE && key === "color" ? null : next] as const;
  });
  return parts.some(([, part]) => part === GONE) ? GONE : Object.fromEntries(parts);
}
