import { describe, expect, it } from "vitest";
import { centroids, placed } from "./centroids";

describe("centroids", () => {
  const x = Float32Array.of(0.1, 0.2, 0.9, 0.5, Number.NaN, 0.7);
  const y = Float32Array.of(0.3, 0.4, 0.5, 0.5, 0.5, 0.6);
  const codes = [0, 0, 0, 1, 1, -1];

  it("are medians of the cells that are drawn", () => {
    const found = centroids(x, y, codes, 3, null);
    expect([...found.count]).toEqual([3, 1, 0]);
    expect(found.x[0]).toBeCloseTo(0.2, 3);
    expect(found.y[0]).toBeCloseTo(0.4, 3);
    expect(found.x[1]).toBeCloseTo(0.5, 3);
    expect(found.x[2]).toBeNaN();
  });

  it("count the subset's cells alone", () => {
    const found = centroids(x, y, codes, 3, Uint8Array.of(0, 0, 1, 0, 0, 0));
    expect([...found.count]).toEqual([1, 0, 0]);
    expect(found.x[0]).toBeCloseTo(0.9, 3);
  });
});

describe("placed", () => {
  it("moves aside what would lie over another, and leaves out what cannot", () => {
    const box = { left: 0, top: 50, width: 40, height: 10 };
    const tops = placed([box, box, box, box, { ...box, left: 100 }]).map((at) => at?.top ?? null);
    expect(tops).toEqual([50, 60, 40, null, 50]);
  });
});
