import { expect, test } from "vitest";
import { formatCount, formatNumber, middleEllipsis } from "./format";

test.each([
  [0, "0"],
  [1.23456, "1.235"],
  [0.5, "0.5"],
  [-2.5, "−2.5"],
  [0.000123456, "0.0001235"],
  [0.0000123456, "1.235e−5"],
  [1234.56, "1235"],
  [12345.6, "12\u202f346"],
  [12345678, "1.235e7"],
  [999.96, "1000"],
  [Number.NaN, "–"],
  [Number.NEGATIVE_INFINITY, "−∞"],
])("%d is written %s", (value, text) => {
  expect(formatNumber(value)).toBe(text);
});

test.each([
  [7, "7"],
  [2638, "2638"],
  [68579, "68\u202f579"],
  [1306127, "1\u202f306\u202f127"],
])("%d cells are written %s", (count, text) => {
  expect(formatCount(count)).toBe(text);
});

test("long names lose their middle, and never half a letter", () => {
  expect(middleEllipsis("B cell", 10)).toBe("B cell");
  expect(middleEllipsis("CD4+/CD25 T Reg", 9)).toBe("CD4+… Reg");
  expect(middleEllipsis("🧬🧬🧬🧬🧬", 3)).toBe("🧬…🧬");
  expect(middleEllipsis("abc", 1)).toBe("…");
});
