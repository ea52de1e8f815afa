import { expect, test } from "vitest";
import { binCodes, binEdges, countBins, countCategories } from "./histogram";
import { MISSING, quantize } from "./quantize";

test("equal bins over the range, the largest value in the last", () => {
  const { codes } = quantize(Float32Array.of(0, 0.9, 1.1, 5, 9.5, 10, Number.NaN));
  expect([...countBins(binCodes(codes, 10), 10)]).toEqual([2, 1, 0, 0, 0, 1, 0, 0, 0, 2]);
});

test("whole numbers that lie on the edges each get the bin they begin", () => {
  const { codes } = quantize(Float32Array.from({ length: 41 }, (_, i) => i));
  expect([...binCodes(codes, 40)]).toEqual([...Array.from({ length: 40 }, (_, i) => i), 39]);
});

test("under a mask only its cells count, never missing values", () => {
  const { codes } = quantize(Float32Array.of(0, 4, 10, Number.NaN));
  expect([...countBins(binCodes(codes, 2), 2, Uint8Array.of(1, 0, 1, 1))]).toEqual([1, 1]);
});

test("no bin is lost: all finite values are counted, whatever the number of bins", () => {
  const { codes } = quantize(Float64Array.from({ length: 70_000 }, (_, i) => i));
  for (const bins of [1, 7, 40, 64, 255]) {
    const counts = countBins(binCodes(codes, bins), bins);
    expect(counts.reduce((a, b) => a + b)).toBe(70_000);
    expect(Math.max(...counts) / Math.min(...counts)).toBeLessThan(1.05);
  }
});

test("categories are counted one by one, cells without one in the last place", () => {
  const codes = Uint16Array.of(0, 2, 2, MISSING);
  expect([...countCategories(codes, 3)]).toEqual([1, 0, 2, 1]);
  expect([...countCategories(codes, 3, Uint8Array.of(0, 1, 0, 1))]).toEqual([0, 0, 1, 1]);
});

test("edges begin and end exactly at the range", () => {
  expect([...binEdges(0.1, 0.7, 3)].map((e) => e.toFixed(3))).toEqual(["0.100", "0.300", "0.500", "0.700"]);
  expect(binEdges(0.1, 0.7, 3)[3]).toBe(0.7);
});
