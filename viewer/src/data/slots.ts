// A column as small counters' indices: 0 for "no value", then one per category or bin. One byte per cell
// for nearly every column, so that the counting loops see one type of array.

import type { Codes, ContinuousColumn } from "./values";

export const BINS = 40;

export interface Slots {
  of: Uint8Array | Uint16Array | Uint32Array;
  bins: number;
}

/** Category codes (-1 = missing) as slots. */
export function shifted(codes: Codes, nCategories: number): Slots {
  const of =
    nCategories < 0xff
      ? new Uint8Array(codes.length)
      : nCategories < 0xffff
        ? new Uint16Array(codes.length)
        : new Uint32Array(codes.length);
  for (let i = 0; i < codes.length; i++) of[i] = codes[i]! + 1;
  return { of, bins: nCategories };
}

/** Numbers as slots of equal bins over [min, max]; what is not finite, or lies outside, has none. */
export function binned({ values, min, max }: Pick<ContinuousColumn, "values" | "min" | "max">): Slots {
  const of = new Uint8Array(values.length);
  const span = max - min;
  const scale = span > 0 ? BINS / span : 0;
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    if (!(value >= min && value <= max)) continue;
    const bin = (value - min) * scale;
    of[i] = bin >= BINS ? BINS : bin + 1;
  }
  return { of, bins: BINS };
}

export function edges({ min, max }: Pick<ContinuousColumn, "min" | "max">): Float64Array {
  const step = (max - min) / BINS;
  return Float64Array.from({ length: BINS + 1 }, (_, i) => (i === BINS ? max : min + i * step));
}
