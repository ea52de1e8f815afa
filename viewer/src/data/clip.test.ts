import { describe, expect, it } from "vitest";
import { clipBounds, percentile, rangeWithin } from "./clip";
import type { ContinuousColumn } from "./values";

/** numpy's definition, by sorting everything. */
function slow(values: number[], percent: number): number {
  const sorted = values.filter(Number.isFinite).sort((a, b) => a - b);
  const rank = (percent / 100) * (sorted.length - 1);
  const [low, high] = [sorted[Math.floor(rank)]!, sorted[Math.ceil(rank)]!];
  return low + (high - low) * (rank - Math.floor(rank));
}

let seed = 7;
const random = () => {
  seed = (seed * 16807) % 2147483647;
  return seed / 2147483647;
};
const SKEWED = Array.from({ length: 5000 }, (_, i) =>
  i % 97 === 0 ? Number.NaN : i % 501 === 0 ? Infinity : random() < 0.6 ? 0 : Math.exp(8 * random()),
);

describe("percentile", () => {
  it.each([0, 0.1, 1, 37.5, 59, 60, 61, 90, 99, 99.99, 100])("%d is numpy's", (percent) => {
    const values = Float64Array.from(SKEWED);
    const finite = SKEWED.filter(Number.isFinite);
    const found = percentile(values, Math.min(...finite), Math.max(...finite), percent);
    expect(found).toBeCloseTo(slow(SKEWED, percent), 10);
  });
});

describe("the range that counts", () => {
  const column: ContinuousColumn = {
    kind: "continuous",
    values: Float32Array.of(0, 1, 2, 3, 100, Number.NaN),
    min: 0,
    max: 100,
    missing: 1,
    integer: false,
  };

  it("is the column's own without a clip", () => {
    expect(clipBounds(column, [0, 100])).toEqual({ min: 0, max: 100 });
  });

  it("spans what lies within the percentiles, of the cells of the subset", () => {
    const bounds = clipBounds(column, [0, 75]);
    expect(bounds).toEqual({ min: 0, max: 3 });
    expect(rangeWithin(column.values, bounds, null)).toEqual({ min: 0, max: 3 });
    expect(rangeWithin(column.values, bounds, Uint8Array.of(0, 1, 1, 0, 1, 1))).toEqual({ min: 1, max: 2 });
    expect(rangeWithin(column.values, bounds, new Uint8Array(6)).min).toBeNaN();
  });
});
