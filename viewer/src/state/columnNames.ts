// Wherever a view names an obs column or a value of it: what follows when an annotation is renamed or gone.

import { sameJson } from "./actions";
import { withColorOfLabel, withColorsOfColumn } from "./coloring";
import type { LabelColors, ViewState } from "./state";

const PLACES = ["color", "filters", "subset", "selections", "panels", "hoverColumns"] as const;
const GONE = Symbol("gone");

interface Names {
  column(name: string): string | null; // null: it is no more
  value(column: string, value: string | null): string | null;
}

/** A column under another name; null: it is gone. */
export function withColumnNamed(view: ViewState, from: string, to: string | null): Partial<ViewState> {
  const names = { column: (name: string) => (name === from ? to : name), value: same };
  const expanded = view.expanded.flatMap((name) => names.column(name) ?? []);
  const colors = withColorsOfColumn(view.labelColors, from, to);
  return {
    ...changes(view, names),
    ...(sameJson(expanded, view.expanded) ? {} : { expanded }),
    ...colorChanges(view, colors),
  };
}

const colorChanges = (view: ViewState, labelColors: LabelColors): Partial<ViewState> =>
  labelColors === view.labelColors ? {} : { labelColors };

/** A value of a column under another name; null: its cells have none then. `merged`: that name has a color already. */
export function withValueNamed(
  view: ViewState,
  column: string,
  from: string,
  to: string | null,
  merged = false,
): Partial<ViewState> {
  const found = changes(view, {
    column: (name) => name,
    value: (of, value) => (of === column && value === from ? to : value),
  });
  const colors = withColorOfLabel(view.labelColors, column, from, merged ? null : to);
  return { ...found, ...colorChanges(view, colors) };
}

/** Without the columns that are not there. */
export function withoutColumns(view: ViewState, has: (name: string) => boolean): Partial<ViewState> {
  const expanded = view.expanded.filter(has);
  return {
    ...changes(view, { column: (name) => (has(name) ? name : null), value: same }),
    ...(expanded.length === view.expanded.length ? {} : { expanded }),
  };
}

const same = (_: string, value: string | null): string | null => value;

function changes(view: ViewState, names: Names): Partial<ViewState> {
  const found: Record<string, unknown> = {};
  for (const place of PLACES) {
    const walked = walk(view[place], names);
    const next = place === "subset" ? (walked as unknown[][]).filter((level) => level.length > 0) : walked;
    if (!sameJson(next, view[place])) found[place] = next === GONE ? null : next;
  }
  return found as Partial<ViewState>;
}

/** A part of a view; GONE when it stands or falls with a column that is gone. */
function walk(part: unknown, names: Names): unknown {
  if (Array.isArray(part)) {
    return part.map((item: unknown) => walk(item, names)).filter((item) => item !== GONE);
  }
  if (typeof part !== "object" || part === null) return part;
  const { kind, name, column, values, value } = part as Record<string, unknown>;
  if (kind === "obs") {
    const next = names.column(String(name));
    return next === null ? GONE : { ...part, name: next };
  }
  if (typeof column === "string") {
    const next = names.column(column);
    if (next === null) return GONE;
    const each = (one: unknown) => names.value(column, one as string | null);
    if (Array.isArray(values)) return { ...part, column: next, values: [...new Set(values.map(each))] };
    return value === undefined ? { ...part, column: next } : { ...part, column: next, value: each(value) };
  }
  return ofParts(part, names);
}

function ofParts(part: object, names: Names): unknown {
  const entries = Object.entries(part).map(([key, inner]) => {
    const next = walk(inner, names);
    // a plot, or a panel, goes on without its color; a panel of one category as one of all
    return [key, next === GONE && (key === "color" || key === "only") ? null : next] as const;
  });
  const emptied = entries.some(
    ([key, inner]) => key === "filters" && Array.isArray(inner) && inner.length === 0,
  );
  return emptied || entries.some(([, inner]) => inner === GONE) ? GONE : Object.fromEntries(entries);
}
