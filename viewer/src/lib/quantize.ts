// Numbers as 16-bit codes: quantized once, so that a new palette or clip range costs nothing per point.

/** The code of "no value". All other codes index a palette, directly or through a ramp. */
export const MISSING = 0xffff;
export const MAX_CODE = 0xfffe;

export interface Quantized {
  codes: Uint16Array<ArrayBuffer>; // (n,) 0 … MAX_CODE evenly over [min, max], or MISSING
  min: number; // of the finite values; NaN when there is none
  max: number;
  missing: number; // how many are NaN or infinite
}

/** Values (n,) → codes; NaN, ±infinity and what lies outside of a given range become MISSING. */
export function quantize(
  values: ArrayLike<number>,
  { min, max }: { min: number; max: number } = finiteRange(values),
): Quantized {
  const codes = new Uint16Array(values.length);
  // A range beyond the largest double overflows max - min: both terms are halved then.
  const halved = max - min === Number.POSITIVE_INFINITY;
  const step = max > min ? MAX_CODE / (max - min) : 0;
  let missing = 0;
  for (let i = 0; i < codes.length; i++) {
    const value = values[i]!;
    if (value >= min && value <= max) {
      codes[i] = halved
        ? Math.round((value / 2 - min / 2) * (MAX_CODE / (max / 2 - min / 2)))
        : (value - min) * step + 0.5;
    } else {
      codes[i] = MISSING;
      missing++;
    }
  }
  return { codes, min, max, missing };
}

/** Where a value lies on the scale of the codes, unclamped and not rounded: for ramps and brushes. */
export function codeOf(value: number, range: { min: number; max: number }): number {
  return range.max > range.min ? ((value - range.min) / (range.max - range.min)) * MAX_CODE : 0;
}

/** Smallest and largest finite value; NaN both when there is none. */
export function finiteRange(values: ArrayLike<number>): { min: number; max: number } {
  let min = Number.POSITIVE_INFINITY;
  let max = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    if (value < min && value !== Number.NEGATIVE_INFINITY) min = value;
    if (value > max && value !== Number.POSITIVE_INFINITY) max = value;
  }
  return min <= max ? { min, max } : { min: Number.NaN, max: Number.NaN };
}
