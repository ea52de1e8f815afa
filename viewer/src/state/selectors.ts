// Derived values of the plot: pure, and the same object until what they depend on has changed.

import { sourceKey } from "../data/keys";
import type { LoadedColumn } from "../data/values";
import { categoryColors, colorMap, type Rgb } from "../lib/palettes";
import { codeOf, MAX_CODE, MISSING, quantize } from "../lib/quantize";
import { sameJson } from "./actions";
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
  if (memo.column !== column || memo.palette !== view.palette || memo.dataset !== dataset || renamed) {
    memo.colors = colorsOf(view.color, column, view.palette, dataset, memo);
    Object.assign(memo, { column, palette: view.palette, dataset });
  }
  memo.shown = memo.colors;
  return memo.shown;
}

interface Memo {
  shown: PointColors;
  colors: PointColors; // of the three below
  column: LoadedColumn | null;
  palette: ViewState["palette"] | null;
  dataset: DatasetInfo | null;
  coded: { column: LoadedColumn; codes: Uint16Array } | null; // a new palette keeps the codes
}

const memos = new WeakMap<Viewer, Map<string, Memo>>();

function memoOf(viewer: Viewer, plot: string): Memo {
  const ofViewer = memos.get(viewer) ?? new Map<string, Memo>();
  memos.set(viewer, ofViewer);
  let memo = ofViewer.get(plot);
  if (!memo) {
    memo = { shown: UNCOLORED, colors: UNCOLORED, column: null, palette: null, dataset: null, coded: null };
    ofViewer.set(plot, memo);
  }
  return memo;
}

function colorsOf(
  by: ColorBy,
  column: Exclude<LoadedColumn, { kind: "embedding" }>,
  palette: ViewState["palette"],
  dataset: DatasetInfo,
  memo: Memo,
): PointColors {
  if (memo.coded?.column !== column) memo.coded = { column, codes: codesOf(column) };
  const { codes } = memo.coded;
  if (column.kind === "categorical") {
    return {
      by,
      codes,
      palette: categoryPalette(
        column.categories,
        by.kind === "obs" ? dataset.customColors[by.name] : undefined,
      ),
      ramp: null,
      domain: null,
      order: "random",
      plain: PLAIN,
    };
  }
  const domain = domainOf(column, palette);
  const ramp = { low: codeOf(domain[0], column), high: codeOf(domain[1], column) };
  // A constant column has one code, 0; it takes the map's lowest color.
  if (ramp.low === ramp.high) ramp.high = MAX_CODE;
  return { by, codes, palette: colorMap(palette), ramp, domain, order: "value", plain: PLAIN };
}

function codesOf(column: Exclude<LoadedColumn, { kind: "embedding" }>): Uint16Array {
  if (column.kind === "continuous") return quantize(column.values, column).codes;
  const codes = new Uint16Array(column.codes.length);
  for (let i = 0; i < codes.length; i++) {
    const code = column.codes[i]!;
    codes[i] = code < 0 ? MISSING : Math.min(code, MAX_CODE);
  }
  return codes;
}

/** One RGB triple per category: the AnnData's own colors when it has them, else scanpy's. */
export function categoryPalette(categories: string[], custom?: Record<string, string>): Uint8Array {
  return categoryColors(categories.length, custom && categories.map((category) => custom[category]));
}

/** Values at the ends of the map; a diverging map has its middle at zero. */
function domainOf(
  { min, max }: { min: number; max: number },
  palette: ViewState["palette"],
): [number, number] {
  if (Number.isNaN(min)) return [0, 0];
  if (palette !== "rdbu") return [min, max];
  const far = Math.max(Math.abs(min), Math.abs(max));
  return [-far, far];
}
