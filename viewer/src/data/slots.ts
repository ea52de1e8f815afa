// A column as small counters' indices: 0 for "no value", then one per category or bin. One byte per cell
// for nearly every column, so that the counting loops see one type of array.

import type { NumberRange } from "./clip";
import type { Codes, Numbers } from "./values";

export const BINS = 40; // or fewer, of whole numbers

/** Bins of equal width, side by side. */
interface Bins {
  from: number; // where the first begins
  width: number;
  bins: number;
}

/** Of whole numbers each bin has as many as the others, in its middle: else their bars would form a comb. */
function binsOver({ min, max }: NumberRange, integer: boolean): Bins {
  if (!integer) return { from: min, width: (max - min) / BINS, bins: BINS };
  const width = Math.ceil((max - min + 1) / BINS);
  return { from: min - 0.5, width, bins: Math.ceil((max - min + 1) / width) };
}

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

/** Numbers as slots of bins over [min, max]; what is not finite, or lies outside, has none. */
export function binned(values: Numbers, range: NumberRange, integer: boolean): Slots {
  const of = new Uint8Array(values.length);
  const { min, max } = range;
  if (!(min <= max)) return { of, bins: BINS };
  const { from, width, bins } = binsOver(range, integer);
  const scale = width > 0 ? 1 / width : 0;
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    if (!(value >= min && value <= max)) continue;
    const bin = (value - from) * scale;
    of[i] = bin >= bins ? bins : bin + 1;
  }
  return { of, bins };
}

/** Where the bins begin and end, one more than there are; those of whole numbers lie between them. */
export function edges(range: NumberRange, integer: boolean): Float64Array {
  const { from, width, bins } = binsOver(range, integer);
  const last = integer ? from + bins * width : range.max;
  return Float64Array.from({ length: bins + 1 }, (_, i) => (i === bins ? last : from + i * width));
}
