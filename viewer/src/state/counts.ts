// Results of the crossfilter, for the UI to read after `version.counts` or `version.points` changed.

import type { NumberRange } from "../data/clip";
import type { ColumnKey } from "../data/keys";
import type { LoadedColumn } from "../data/values";
import type { Source } from "./state";

export interface CategoryCounts {
  total: Uint32Array; // per category, in the column's order
  selected: Uint32Array; // of these, the cells that pass all filters
  missing: { total: number; selected: number }; // cells without a value
}

export interface HistogramCounts {
  edges: Float64Array; // one more than bins
  range: NumberRange; // smallest and largest number that counts; the edges of whole numbers lie beyond
  total: Uint32Array;
  selected: Uint32Array;
}

export interface Counts {
  /** Of a loaded categorical obs column; null while it is not counted. */
  categories(column: string): CategoryCounts | null;
  /** Up to 40 bins over the finite values of a loaded numeric column or gene. */
  histogram(source: Source): HistogramCounts | null;
  /** Per cell the bits SELECTED and HIDDEN of gpu/renderer.ts; without filters all are selected. */
  pointState(): Uint8Array;
  /** Per cell 1 when it belongs to the subset and passes all filters. */
  selected(): Uint8Array;
  /** Per cell 1 when it belongs to the subset; null: there is none. */
  inside(): Uint8Array | null;
  /**
   * A loaded column as it is shown: of numbers, `min` and `max` are those that count, within the clip and of
   * the subset's cells; a value outside of them counts as missing.
   */
  shown(key: ColumnKey): LoadedColumn | undefined;
}
