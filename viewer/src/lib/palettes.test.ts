import { expect, test } from "vitest";
import { COLOR_MAP_NAMES, categoryColors, colorMap, parseHex, rgbAt, rgbToCss } from "./palettes";

// first, middle (128) and last color as matplotlib 3.10 and d3-scale-chromatic 3.1 give them
const KNOWN = {
  viridis: ["rgb(68 1 84)", "rgb(33 145 140)", "rgb(253 231 37)"],
  magma: ["rgb(0 0 4)", "rgb(183 55 121)", "rgb(252 253 191)"],
  cividis: ["rgb(0 34 78)", "rgb(125 124 120)", "rgb(254 232 56)"],
  cool: ["rgb(110 64 170)", "rgb(26 200 194)", "rgb(175 240 91)"],
  rdbu: ["rgb(5 48 97)", "rgb(247 246 246)", "rgb(103 0 31)"],
};

test.each(COLOR_MAP_NAMES)("%s is the map that its users know", (name) => {
  const map = colorMap(name);
  expect(map).toHaveLength(768);
  const near = [0, 128, 255].map((i) => rgbAt(map, i));
  KNOWN[name].forEach((known, k) => {
    const want = known.match(/\d+/g)!.map(Number);
    near[k]!.forEach((value, c) => {
      expect(Math.abs(value - want[c]!)).toBeLessThanOrEqual(1);
    });
  });
});

test("categories take scanpy's palette for their number", () => {
  const first = (n: number) => rgbToCss(rgbAt(categoryColors(n), 0));
  expect([first(1), first(20), first(21), first(28), first(29), first(102)]).toEqual([
    "rgb(31 119 180)",
    "rgb(31 119 180)",
    "rgb(2 63 165)",
    "rgb(2 63 165)",
    "rgb(255 255 0)",
    "rgb(255 255 0)",
  ]);
});

test.each([20, 28, 102])("the %i colors of a palette all differ", (n) => {
  const colors = categoryColors(n);
  expect(new Set(Array.from({ length: n }, (_, i) => rgbToCss(rgbAt(colors, i)))).size).toBe(n);
});

test("more categories than colors start again", () => {
  const colors = categoryColors(5000);
  expect(rgbAt(colors, 102)).toEqual(rgbAt(colors, 0));
  expect(colors).toHaveLength(15_000);
});

test("own colors replace single ones; what is no color does not", () => {
  const colors = categoryColors(3, ["#010203", undefined, "red"]);
  expect(rgbAt(colors, 0)).toEqual([1, 2, 3]);
  expect(rgbAt(colors, 1)).toEqual([255, 127, 14]);
  expect(rgbAt(colors, 2)).toEqual([39, 158, 104]);
  expect(parseHex("#12345")).toBeNull();
  expect(parseHex("white")).toBeNull();
});

test("short colors are colors too: a built stylesheet has no others for white", () => {
  expect(parseHex("#fff")).toEqual([255, 255, 255]);
  expect(parseHex("#1a9")).toEqual([17, 170, 153]);
});
