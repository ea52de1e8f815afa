// Derived values of the plot: pure, and the same object until what they depend on has changed.

import { sourceKey } from "../data/keys";
import type { LoadedColumn } from "../data/values";
import { colorMap, type Rgb } from "../lib/palettes";
import { codeOf, MAX_CODE, MISSING, quantize } from "../lib/quantize";
import { sameJson } from "./actions";
import { type ColorScale, chosenColors, colorScale, labelPalette, rangeOf } from "./coloring";
import type { ColorBy, ViewState } from "./state";
import type { AppState, DatasetInfo } from "./store";
import type { Viewer } from "./viewer";

/** The embedding that is asked for: the view's, else the dataset's default. */
export const embeddingOf = (state: AppState): string | null =>
  state.view.embedding ?? state.dataset?.defaultEmbedding ?? null;

const NO_EMBEDDINGS: string[] = [];

export const embeddingsOf = (state: AppState): string[] => state.dataset?.embeddings ?? NO_EMBEDDINGS;

export interface PointColors {
  by: ColorBy | null; // what the codes are of; while a new column loads, still the old one
  codes: Uint16Array | null; // null: all points are plain
  palette: Uint8Array; // RGB triples
  ramp: { low: number; high: number } | null; // codes between which the palette is stretched
  domain: [low: number, high: number] | null; // the values at the palette's ends
  shown: ColorScale["shown"] | null; // the values that a legend spans
  cut: ColorScale["cut"]; // values beyond take the colors of the ends
  order: "random" | "value";
  plain: Rgb;
}

const PLAIN: Rgb = [126, 134, 148];

const UNCOLORED: PointColors = {
  by: null,
  codes: null,
  palette: new Uint8Array(3),
  ramp: null,
  domain: null,
  shown: null,
  cut: [false, false],
  order: "random",
  plain: PLAIN,
};

/**
 * What the points are drawn with. The old colors stay until those of a new column are here; plots that show
 * other columns at the same time have each a `plot` of their own.
 */
export function pointColors(viewer: Viewer, view: ViewState, plot = "main"): PointColors {
  const memo = memoOf(viewer, plot);
  if (!view.color) {
    memo.shown = UNCOLORED;
    return UNCOLORED;
  }
  const column = viewer.counts.shown(sourceKey(view.color));
  const dataset = viewer.store.getState().dataset;
  if (!column || column.kind === "embedding" || !dataset) return memo.shown;
  const renamed = !sameJson(memo.colors.by, view.color); // a gene set under another name has the same column
  const how = howOf(view, view.color, column);
  const same = how.every((part, i) => part === memo.how[i]);
  if (memo.column !== column || !same || memo.dataset !== dataset || renamed) {
    memo.colors = colorsOf(view.color, column, view, dataset, memo);
    Object.assign(memo, { column, how, dataset });
  }
  memo.shown = memo.colors;
  return memo.shown;
}

interface Memo {
  shown: PointColors;
  colors: PointColors; // of the three below
  column: LoadedColumn | null;
  how: readonly unknown[]; // howOf the view
  dataset: DatasetInfo | null;
  coded: { column: LoadedColumn; codes: Uint16Array } | null; // a new palette keeps the codes
}

const memos = new WeakMap<Viewer, Map<string, Memo>>();

function memoOf(viewer: Viewer, plot: string): Memo {
  const ofViewer = memos.get(viewer) ?? new Map<string, Memo>();
  memos.set(viewer, ofViewer);
  let memo = ofViewer.get(plot);
  if (!memo) {
    memo = { shown: UNCOLORED, colors: UNCOLORED, column: null, how: [], dataset: null, coded: null };
    ofViewer.set(plot, memo);
  }
  return memo;
}

type Colored = Exclude<LoadedColumn, { kind: "embedding" }>;

/** All of a view that the colors of this column depend on. */
function howOf(view: ViewState, by: ColorBy, column: Colored): readonly unknown[] {
  if (column.kind === "categorical") return [chosenColors(view.labelColors, by.name), null, null];
  return [view.palette, view.reversed, rangeOf(view, by)];
}

function colorsOf(
  by: ColorBy,
  column: Colored,
  view: ViewState,
  dataset: DatasetInfo,
  memo: Memo,
): PointColors {
  if (memo.coded?.column !== column) memo.coded = { column, codes: codesOf(column) };
  const { codes } = memo.coded;
  if (column.kind === "categorical") {
    return {
      by,
      codes,
      palette: colorsOfLabels(view, dataset, by.name, column.categories),
      ramp: null,
      domain: null,
      shown: null,
      cut: [false, false],
      order: "random",
      plain: PLAIN,
    };
  }
  const { palette, reversed } = view;
  const scale = colorScale(column, palette, rangeOf(view, by));
  return {
    by,
    codes,
    palette: colorMap(palette, reversed),
    ramp: rampOf(column, scale.domain),
    ...scale,
    order: "value",
    plain: PLAIN,
  };
}

/** The codes at the ends of the map. */
function rampOf(column: { min: number; max: number }, [low, high]: ColorScale["domain"]) {
  if (column.min < column.max) return { low: codeOf(low, column), high: codeOf(high, column) };
  // A constant column has one code, 0; alone it takes the map's lowest color.
  const part = low < high ? Math.min(1, Math.max(0, (column.min - low) / (high - low))) : 0;
  return { low: 0 - part * MAX_CODE, high: (1 - part) * MAX_CODE };
}

function codesOf(column: Colored): Uint16Array {
  if (column.kind === "continuous") return quantize(column.values, column).codes;
  const codes = new Uint16Array(column.codes.length);
  for (let i = 0; i < codes.length; i++) {
    const code = column.codes[i]!;
    codes[i] = code < 0 ? MISSING : Math.min(code, MAX_CODE);
  }
  return codes;
}

/** One RGB triple for each label of a column: chosen by somebody, else the AnnData's own, else scanpy's. */
export const colorsOfLabels = (
  view: Pick<ViewState, "labelColors">,
  { customColors }: Pick<DatasetInfo, "customColors">,
  name: string,
  labels: readonly string[],
): Uint8Array =>
  labelPalette(
    labels,
    chosenColors(view.labelColors, name),
    Object.hasOwn(customColors, name) ? customColors[name] : undefined,
  );
