import { describe, expect, test } from "vitest";
import { insidePolygon, insideRectangle, type PathPoint, simplifyPath } from "./polygon";
import { randomNumbers } from "./random";

/** The even-odd rule, edge by edge: what insidePolygon must agree with to the last point. */
function naive(px: number, py: number, points: readonly PathPoint[]): number {
  let inside = 0;
  for (let i = 0; i < points.length; i++) {
    const [xa, ya] = points[i]!;
    const [xb, yb] = points[(i + 1) % points.length]!;
    if (ya > py !== yb > py && px < ((xb - xa) * (py - ya)) / (yb - ya) + xa) inside ^= 1;
  }
  return inside;
}

function star(corners: number, wobble: number, seed: number): PathPoint[] {
  const random = randomNumbers(seed);
  return Array.from({ length: corners }, (_, k) => {
    const angle = (2 * Math.PI * k) / corners;
    const radius = 0.35 + wobble * (random() - 0.5);
    return [0.5 + radius * Math.cos(angle), 0.5 + radius * Math.sin(angle)] as const;
  });
}

function cloud(n: number): { x: Float32Array; y: Float32Array } {
  const random = randomNumbers(n);
  return { x: Float32Array.from({ length: n }, random), y: Float32Array.from({ length: n }, random) };
}

describe("insidePolygon is exact", () => {
  const shapes: [string, PathPoint[]][] = [
    ["a wobbly lasso", star(150, 0.2, 1)],
    ["a self-crossing scribble", star(60, 1.9, 2)],
    ["a triangle", star(3, 0, 3)],
    ["a sliver thinner than a grid cell", [[0.1, 0.1], [0.9, 0.9], [0.9001, 0.9]]], // biome-ignore format: one shape
    ["an axis-parallel square", [[0.25, 0.25], [0.75, 0.25], [0.75, 0.75], [0.25, 0.75]]], // biome-ignore format: one shape
    ["more than a thousand corners", star(1500, 0.05, 4)],
  ];
  test.each(shapes)("%s", (_, points) => {
    for (const n of [3_000, 60_000]) {
      const { x, y } = cloud(n);
      const mask = insidePolygon(x, y, points);
      let wrong = 0;
      for (let i = 0; i < n; i++) if (mask[i] !== naive(x[i]!, y[i]!, points)) wrong++;
      expect(wrong).toBe(0);
    }
  });

  test("points on corners and edges are decided as by the rule", () => {
    const square: PathPoint[] = [[0, 0], [1, 0], [1, 1], [0, 1]]; // biome-ignore format: one shape
    const x = Float32Array.of(0, 1, 0, 1, 0.5, 0.5, 0, 1, 0.25);
    const y = Float32Array.of(0, 0, 1, 1, 0, 1, 0.5, 0.5, 0.25);
    const expected = Array.from(x, (px, i) => naive(px, y[i]!, square));
    expect([...insidePolygon(x, y, square)]).toEqual(expected);
  });
});

test("NaN is outside, and the given mask is overwritten", () => {
  const x = Float32Array.of(Number.NaN, 0.5, 0.5, 9);
  const y = Float32Array.of(0.5, Number.NaN, 0.5, 0.5);
  const out = Uint8Array.of(1, 1, 0, 1);
  expect(insidePolygon(x, y, star(9, 0, 1), out)).toBe(out);
  expect([...out]).toEqual([0, 0, 1, 0]);
});

test.each([
  [[]],
  [[[0.1, 0.1]]],
  [
    [
      [0, 0.5],
      [1, 0.5],
      [0.5, 0.5],
    ],
  ],
] as PathPoint[][][])("a path without area holds nothing: %j", (points) => {
  const { x, y } = cloud(100);
  expect(Math.max(...insidePolygon(x, y, points, new Uint8Array(100).fill(1)))).toBe(0);
});

test("a rectangle takes its corners in any order and includes its borders", () => {
  const x = Float32Array.of(0.25, 0.5, 0.75, 0.8, Number.NaN);
  const y = Float32Array.of(0.25, 0.5, 0.5, 0.5, 0.5);
  expect([...insideRectangle(x, y, [0.75, 0.25], [0.25, 0.5])]).toEqual([1, 1, 1, 0, 0]);
});

describe("simplifyPath", () => {
  test("drops crowded points and straight runs, keeps corners and both ends", () => {
    const path: PathPoint[] = [];
    for (let i = 0; i <= 100; i++) path.push([i, 0]);
    for (let i = 1; i <= 100; i += 0.1) path.push([100, i]);
    const simple = simplifyPath(path);
    expect(simple).toHaveLength(3);
    expect(simple.slice(0, 2)).toEqual([[0, 0], [100, 0]]); // biome-ignore format: points
    expect(simple[2]).toBe(path.at(-1));
  });

  test("stays within half a pixel of a smooth line", () => {
    const circle = Array.from({ length: 2000 }, (_, i) => {
      const angle = (2 * Math.PI * i) / 2000;
      return [200 * Math.cos(angle), 200 * Math.sin(angle)] as const;
    });
    const simple = simplifyPath(circle);
    expect(simple.length).toBeLessThan(100);
    const middles = simple.slice(1).map(([x, y], i) => Math.hypot(x + simple[i]![0], y + simple[i]![1]) / 2);
    expect(Math.min(...middles)).toBeGreaterThan(199.4);
  });

  test("leaves the shortest paths alone", () => {
    expect(simplifyPath([])).toEqual([]);
    expect(simplifyPath([[1, 1]])).toEqual([[1, 1]]);
  });
});
