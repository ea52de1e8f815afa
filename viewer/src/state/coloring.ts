// What stands for what: the colors that somebody has given to labels, and the map and ranges of numbers. Here the
// color of a label and the scale of a column are decided, for plots, lists, figures and pictures alike.

import { categoryColors, parseHex } from "../lib/palettes";
import { sourceId } from "./filters";
import type { ColorRange, LabelColors, Source, ViewState } from "./state";

export type ColoringAction =
  | { type: "setPalette"; palette: ViewState["palette"]; reversed?: boolean }
  // null: the color of the dataset, or scanpy's
  | { type: "setLabelColor"; column: string; label: string; color: string | null }
  | { type: "resetLabelColors"; column: string }
  // null: the end of the data; both: no range at all
  | { type: "setColorRange"; source: Source; min: number | null; max: number | null };

export const MOST_LABEL_COLORS = 1000; // of all columns together: they travel in links
export const MOST_COLOR_RANGES = 200;

export function coloringChanges(state: ViewState, action: ColoringAction): Partial<ViewState> {
  switch (action.type) {
    case "setPalette":
      return { palette: action.palette, reversed: action.reversed ?? state.reversed };
    case "setLabelColor":
      return { labelColors: withLabelColor(state.labelColors, action.column, action.label, action.color) };
    case "resetLabelColors":
      return { labelColors: withEntry(state.labelColors, action.column, undefined) };
    case "setColorRange": {
      const { source, min, max } = action;
      const others = state.colorRanges.filter((range) => sourceId(range.source) !== sourceId(source));
      const none = (min === null && max === null) || (min !== null && max !== null && min >= max);
      const ranges = none ? others : [...others, { source, min, max }];
      return { colorRanges: ranges.slice(-MOST_COLOR_RANGES) }; // the oldest goes
    }
  }
}

/** The colors that were chosen in a column, by label. */
export const chosenColors = (colors: LabelColors, column: string): Readonly<Record<string, string>> =>
  Object.hasOwn(colors, column) ? colors[column]! : NONE;

const NONE: Readonly<Record<string, string>> = {};

export const countLabelColors = (colors: LabelColors): number =>
  Object.values(colors).reduce((sum, labels) => sum + Object.keys(labels).length, 0);

/** The same colors when there is no room for one more. */
function withLabelColor(
  colors: LabelColors,
  column: string,
  label: string,
  color: string | null,
): LabelColors {
  const labels = chosenColors(colors, column);
  const fresh = color !== null && !Object.hasOwn(labels, label);
  if (fresh && countLabelColors(colors) >= MOST_LABEL_COLORS) return colors;
  const next = withEntry(labels, label, color?.toLowerCase());
  return withEntry(colors, column, Object.keys(next).length > 0 ? next : undefined);
}

/** A label, or with `to` null none, under another name: its color goes with it. */
export function withColorOfLabel(
  colors: LabelColors,
  column: string,
  from: string,
  to: string | null,
): LabelColors {
  const labels = chosenColors(colors, column);
  if (!Object.hasOwn(labels, from)) return colors;
  const color = labels[from]!;
  const moved = to !== null && !Object.hasOwn(labels, to) ? withEntry(labels, to, color) : labels;
  const left = withEntry(moved, from, undefined);
  return withEntry(colors, column, Object.keys(left).length > 0 ? left : undefined);
}

/** A column under another name, or gone. */
export function withColorsOfColumn(colors: LabelColors, from: string, to: string | null): LabelColors {
  if (!Object.hasOwn(colors, from)) return colors;
  const left = withEntry(colors, from, undefined);
  return to === null ? left : withEntry(left, to, colors[from]);
}

/** Own entries only, whatever a label is called: "__proto__" is a name like any other. */
function withEntry<T>(all: Readonly<Record<string, T>>, name: string, value: T | undefined) {
  const others = Object.entries(all).filter(([other]) => other !== name);
  return Object.fromEntries(value === undefined ? others : [...others, [name, value] as const]);
}

/** RGB triples (3 n,) of labels: what somebody has chosen, else the dataset's, else scanpy's by their number. */
export function labelPalette(
  categories: readonly string[],
  chosen: Readonly<Record<string, string>>,
  custom: Readonly<Record<string, string>> | undefined,
): Uint8Array<ArrayBuffer> {
  const own = (colors: Readonly<Record<string, string>> | undefined, label: string): string | null => {
    const color = colors && Object.hasOwn(colors, label) ? colors[label]! : null;
    return color !== null && parseHex(color) ? color : null;
  };
  return categoryColors(
    categories.length,
    categories.map((label) => own(chosen, label) ?? own(custom, label)),
  );
}

/** How the map lies over the numbers of a column. */
export interface ColorScale {
  domain: [low: number, high: number]; // the values at the ends of the map; equal: a step
  shown: [low: number, high: number]; // what a legend spans
  cut: [low: boolean, high: boolean]; // there are values beyond, which take the end's color
}

/** The range of a source that was set; null: none. */
export const rangeOf = (view: Pick<ViewState, "colorRanges">, source: Source): ColorRange | null =>
  view.colorRanges.find((range) => sourceId(range.source) === sourceId(source)) ?? null;

/** The middle at zero, unless both ends were set, or one on the wrong side. */
function aroundZero([low, high]: [number, number], min: number | null, max: number | null): [number, number] {
  if (min === null && max === null) {
    const far = Math.max(Math.abs(low), Math.abs(high));
    return [-far, far];
  }
  if (min === null && max! > 0) return [-max!, max!];
  if (max === null && min! < 0) return [min!, -min!];
  return [low, high];
}

/** A diverging map has its middle at zero. */
export function colorScale(
  column: { min: number; max: number },
  palette: ViewState["palette"],
  range: { min: number | null; max: number | null } | null,
): ColorScale {
  if (Number.isNaN(column.min)) return { domain: [0, 0], shown: [0, 0], cut: [false, false] };
  const { min, max } = range ?? { min: null, max: null };
  let domain: [number, number] = [min ?? column.min, max ?? column.max];
  if (palette === "rdbu") domain = aroundZero(domain, min, max);
  // A typed end beyond all values: they are all on one side of it.
  if (domain[0] > domain[1]) domain = min !== null ? [min, min] : [max!, max!];
  const shown: [number, number] = [
    min ?? Math.max(column.min, domain[0]),
    max ?? Math.min(column.max, domain[1]),
  ];
  return {
    domain,
    shown: shown[0] < shown[1] ? shown : [column.min, column.max],
    cut: [column.min < domain[0], column.max > domain[1]],
  };
}
