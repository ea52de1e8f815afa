// One column as the viewer keeps it: typed arrays of one entry per cell, and what is known of them.

export type Codes = Int8Array | Int16Array | Int32Array;
export type Numbers = Float32Array | Float64Array | Int32Array;

export interface CategoricalColumn {
  kind: "categorical"; // booleans too
  codes: Codes; // index into `categories`; -1 = missing
  categories: string[];
  missing: number;
}

export interface ContinuousColumn {
  kind: "continuous";
  values: Numbers; // NaN and infinities count as missing
  min: number; // of the finite values; NaN where there is none
  max: number;
  missing: number;
  integer: boolean;
}

export interface EmbeddingColumn {
  kind: "embedding";
  x: Float32Array; // in [0, 1], both axes scaled alike; NaN = this cell has no place
  y: Float32Array;
  missing: number;
}

export type LoadedColumn = CategoricalColumn | ContinuousColumn | EmbeddingColumn;

/** What a column holds in memory, in bytes (texts are guessed). */
export function byteLength(column: LoadedColumn): number {
  if (column.kind === "categorical") return column.codes.byteLength + 40 * column.categories.length;
  if (column.kind === "continuous") return column.values.byteLength;
  return column.x.byteLength + column.y.byteLength;
}
