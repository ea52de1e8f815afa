// Two genes against each other, as the points of an embedding: made here, of columns that are here.

import { type ColumnKey, geneKey, parseKey, scatterGenes } from "./keys";
import type { ContinuousColumn, EmbeddingColumn, LoadedColumn } from "./values";

/** The columns that a scatter is made of; null for keys of other columns. */
export function scatterParts(key: ColumnKey): [x: ColumnKey, y: ColumnKey] | null {
  const { axis, name } = parseKey(key);
  const genes = axis === "layout" ? scatterGenes(name) : null;
  return genes && [geneKey(genes[0]), geneKey(genes[1])];
}

/** Each axis fills [0, 1] with its gene's range; a cell without a number in one of them has no place. */
export function scatterColumn(x: LoadedColumn, y: LoadedColumn): EmbeddingColumn {
  if (x.kind !== "continuous" || y.kind !== "continuous") throw new TypeError("genes hold numbers");
  const column = { x: scaled(x), y: scaled(y), missing: 0 };
  for (let i = 0; i < column.x.length; i++) {
    if (Number.isFinite(column.x[i]! + column.y[i]!)) continue;
    column.x[i] = Number.NaN;
    column.y[i] = Number.NaN;
    column.missing++;
  }
  return { kind: "embedding", ...column };
}

/** Where a value lies on its axis, and back; a constant gene lies in the middle. */
export const axisPlace = (value: number, { min, max }: AxisRange): number =>
  max > min ? (value - min) / (max - min) : 0.5;

export const axisValue = (place: number, { min, max }: AxisRange): number => min + place * (max - min);

type AxisRange = Pick<ContinuousColumn, "min" | "max">;

function scaled(column: ContinuousColumn): Float32Array {
  const { values } = column;
  const places = new Float32Array(values.length);
  for (let i = 0; i < places.length; i++) {
    const value = values[i]!;
    // Infinities have no place either.
    places[i] = value - value === 0 ? axisPlace(value, column) : Number.NaN;
  }
  return places;
}
