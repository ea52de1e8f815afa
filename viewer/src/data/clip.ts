// Percentiles of a column, and the range of its numbers that count: inside the clip, of the cells kept.

import type { ContinuousColumn, Numbers } from "./values";

/** The numbers that count lie in [min, max]; NaN both when there is none. */
export interface NumberRange {
  min: number;
  max: number;
}

/** Percentiles, as of the view state. */
export type Clip = readonly [low: number, high: number];

export const NO_CLIP: Clip = [0, 100];

export const isClipped = ([low, high]: Clip): boolean => low > 0 || high < 100;

/** The values between which a column is clipped: of all its finite values, whatever the subset. */
export function clipBounds(column: ContinuousColumn, clip: Clip): NumberRange {
  const { values, min, max } = column;
  if (!isClipped(clip) || !(max > min)) return { min, max };
  const at = (percent: number): number => percentile(values, min, max, percent);
  return { min: clip[0] > 0 ? at(clip[0]) : min, max: clip[1] < 100 ? at(clip[1]) : max };
}

/** Smallest and largest value of the kept cells (all without `inside`) that lies within `bounds`. */
export function rangeWithin(values: Numbers, bounds: NumberRange, inside: Uint8Array | null): NumberRange {
  let min = Number.POSITIVE_INFINITY;
  let max = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < values.length; i++) {
    if (inside !== null && inside[i] === 0) continue;
    const value = values[i]!;
    if (!(value >= bounds.min && value <= bounds.max)) continue;
    if (value < min) min = value;
    if (value > max) max = value;
  }
  return min <= max ? { min, max } : { min: Number.NaN, max: Number.NaN };
}

const BUCKETS = 4096;

/**
 * Like numpy.percentile (linear interpolation) over the finite values, which lie in [min, max]. Counted into
 * buckets first, so that only the one with the wanted rank has to be sorted.
 */
export function percentile(values: Numbers, min: number, max: number, percent: number): number {
  const scale = BUCKETS / (max - min);
  const bucketOf = (value: number): number => Math.min(BUCKETS - 1, ((value - min) * scale) | 0);
  const counts = new Uint32Array(BUCKETS);
  let n = 0;
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    if (!(value >= min && value <= max)) continue;
    counts[bucketOf(value)]!++;
    n++;
  }
  const rank = (percent / 100) * (n - 1);
  const below = Math.floor(rank);
  const low = ranked(values, min, max, counts, bucketOf, below);
  if (rank === below) return low;
  const high = ranked(values, min, max, counts, bucketOf, below + 1);
  return low + (high - low) * (rank - below);
}

/** The value that would stand at this place if all were sorted. */
function ranked(
  values: Numbers,
  min: number,
  max: number,
  counts: Uint32Array,
  bucketOf: (value: number) => number,
  rank: number,
): number {
  let bucket = 0;
  let before = 0;
  while (before + counts[bucket]! <= rank) before += counts[bucket++]!;
  const held = new Float64Array(counts[bucket]!);
  let at = 0;
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    if (value >= min && value <= max && bucketOf(value) === bucket) held[at++] = value;
  }
  return held.sort()[rank - before]!;
}
