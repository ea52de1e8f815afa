import { describe, expect, it } from "vitest";
import { BINS, binned, edges } from "./slots";

const NUMBERS = Int32Array.from({ length: 1000 }, (_, i) => i % 100);

describe("bins of whole numbers", () => {
  it("have each its number where they are few", () => {
    expect([...edges({ min: 3, max: 6 }, true)]).toEqual([2.5, 3.5, 4.5, 5.5, 6.5]);
    const slots = binned(Int32Array.of(3, 4, 6, 6, 7), { min: 3, max: 6 }, true);
    expect([...slots.of]).toEqual([1, 2, 4, 4, 0]);
    expect(slots.bins).toBe(4);
  });

  it("have as many numbers each where there are more", () => {
    const { of, bins } = binned(NUMBERS, { min: 0, max: 99 }, true);
    const counts = new Array<number>(bins + 1).fill(0);
    for (const slot of of) counts[slot]! += 1;
    expect(counts[0]).toBe(0);
    expect(new Set(counts.slice(1, -1))).toEqual(new Set([30])); // three numbers, ten of each
    expect(edges({ min: 0, max: 99 }, true)).toHaveLength(bins + 1);
    expect(bins).toBeLessThanOrEqual(BINS);
  });

  it("are one for one number", () => {
    expect([...edges({ min: 7, max: 7 }, true)]).toEqual([6.5, 7.5]);
    expect([...binned(Int32Array.of(7, 7), { min: 7, max: 7 }, true).of]).toEqual([1, 1]);
  });
});

describe("bins of other numbers", () => {
  it("are equal, and the largest number is in the last", () => {
    const { of, bins } = binned(Float64Array.of(0, 0.5, 1, Number.NaN, 2), { min: 0, max: 1 }, false);
    expect([...of]).toEqual([1, 21, 40, 0, 0]);
    expect(bins).toBe(BINS);
    expect(edges({ min: 0, max: 1 }, false).at(-1)).toBe(1);
  });

  it("hold nothing where there is no number", () => {
    const none = { min: Number.NaN, max: Number.NaN };
    expect([...binned(Float64Array.of(Number.NaN), none, false).of]).toEqual([0]);
    expect([...binned(Int32Array.of(1), none, true).of]).toEqual([0]);
  });
});
