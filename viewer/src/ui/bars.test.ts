import { describe, expect, it } from "vitest";
import { barHeight, barsPath, isSkewed } from "./bars";

describe("bars", () => {
  it("keeps the order of counts on both scales", () => {
    for (const scale of ["linear", "log"] as const) {
      const heights = [0, 1, 10, 1000].map((count) => barHeight(count, 1000, scale));
      expect(heights[0]).toBe(0);
      expect(heights[3]).toBe(1);
      expect([...heights].sort((a, b) => a - b)).toEqual(heights);
    }
  });

  it("lifts small bars on the log scale", () => {
    expect(barHeight(10, 1000, "log")).toBeGreaterThan(barHeight(10, 1000, "linear") * 10);
  });

  it("calls a histogram with one tower skewed, an even one not", () => {
    expect(isSkewed([9000, 12, 8, 5, 3])).toBe(true);
    expect(isSkewed([90, 120, 80, 50, 30])).toBe(false);
    expect(isSkewed([])).toBe(false);
  });

  it("draws nothing for empty bins and at least a pixel for one cell", () => {
    expect(barsPath([0, 0], 0, "linear", 10, 20)).toBe("");
    expect(barsPath([1, 100000], 100000, "linear", 10, 20)).toContain("V19.00");
  });
});
