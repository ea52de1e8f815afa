import { scaleLinear } from "d3-scale";
import { describe, expect, it } from "vitest";
import { axisTicks } from "./Histogram";
import { parseTyped } from "./RangeFields";
import { brushedRange } from "./useBrush";

describe("a brushed range", () => {
  const scale = scaleLinear().domain([0, 10]).range([6, 106]);

  it("reaches the data's own ends at the edges", () => {
    expect(brushedRange([6, 106], scale, [0, 10], false)).toEqual([0, 10]);
    expect(brushedRange([6.4, 56], scale, [0, 10], false)).toEqual([0, 5]);
  });

  // 0 … 9, each in the middle of its bar
  const bars = scaleLinear().domain([-0.5, 9.5]).range([6, 106]);

  it("of whole numbers holds those whose middle is in it", () => {
    expect(brushedRange([22, 70], bars, [0, 9], true)).toEqual([2, 5]);
    expect(brushedRange([6, 106], bars, [0, 8], true)).toEqual([0, 8]);
  });

  it("within one bar holds its number", () => {
    expect(brushedRange([26, 30], bars, [0, 9], true)).toEqual([2, 2]);
    expect(brushedRange([32, 35], bars, [0, 9], true)).toEqual([2, 2]);
  });
});

describe("typed numbers", () => {
  it("may have spaces, a real minus and a decimal comma", () => {
    expect(parseTyped("12\u202f345")).toBe(12345);
    expect(parseTyped("\u22121,5")).toBe(-1.5);
    expect(parseTyped(" 1e3 ")).toBe(1000);
  });

  it("are NaN when they are not numbers", () => {
    expect(parseTyped("many")).toBeNaN();
    expect(parseTyped(" ")).toBeNaN();
  });
});

it("the axis has no label that its ends would cut", () => {
  const scale = scaleLinear().domain([0.0048, 0.04]).range([6, 240]);
  expect(axisTicks(scale, 246)).toEqual([0.01, 0.02, 0.03]);
  expect(axisTicks(scale, 260)).toEqual([0.01, 0.02, 0.03, 0.04]);
});
