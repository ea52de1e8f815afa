import { expect, test } from "vitest";
import { codeOf, MAX_CODE, MISSING, quantize } from "./quantize";

test("codes spread evenly over the finite range", () => {
  const { codes, min, max, missing } = quantize(Float32Array.of(-1, 0, 1, 3));
  expect([...codes]).toEqual([0, 16384, 32767, MAX_CODE]);
  expect([min, max, missing]).toEqual([-1, 3, 0]);
});

test("NaN and infinities are missing and do not stretch the range", () => {
  const values = [Number.NaN, Number.NEGATIVE_INFINITY, 2, Number.POSITIVE_INFINITY, 5];
  const { codes, min, max, missing } = quantize(values);
  expect([...codes]).toEqual([MISSING, MISSING, 0, MISSING, MAX_CODE]);
  expect([min, max, missing]).toEqual([2, 5, 3]);
});

test("a constant column, an empty one and one without a number", () => {
  expect([...quantize(Float32Array.of(7, 7)).codes]).toEqual([0, 0]);
  expect(quantize([]).min).toBeNaN();
  const { codes, min, max } = quantize([Number.NaN]);
  expect([codes[0], min, max]).toEqual([MISSING, Number.NaN, Number.NaN]);
});

test("ranges wider than the largest double still work", () => {
  const { codes } = quantize(Float64Array.of(-Number.MAX_VALUE, 0, Number.MAX_VALUE));
  expect([...codes]).toEqual([0, MAX_CODE / 2, MAX_CODE]);
});

test("codeOf puts a value on the scale of the codes", () => {
  const range = { min: 10, max: 20 };
  expect([codeOf(10, range), codeOf(15, range), codeOf(20, range)]).toEqual([0, MAX_CODE / 2, MAX_CODE]);
  expect(codeOf(25, range)).toBeGreaterThan(MAX_CODE);
  expect(codeOf(3, { min: 3, max: 3 })).toBe(0);
});
