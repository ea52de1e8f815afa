import { expect, test } from "vitest";
import { nearestGrid, nearestPoint } from "./nearest";
import { randomNumbers } from "./random";

const random = randomNumbers(11);
const x = Float32Array.from({ length: 5000 }, random);
const y = Float32Array.from({ length: 5000 }, random);

function naive(px: number, py: number, radius: number, mask?: Uint8Array): number {
  let best = -1;
  let nearest = radius;
  for (let i = 0; i < x.length; i++) {
    const distance = Math.hypot(x[i]! - px, y[i]! - py);
    if (distance <= nearest && (mask === undefined || mask[i] === 1)) {
      nearest = distance;
      best = i;
    }
  }
  return best;
}

test.each([0.002, 0.02, 0.3, 5])(
  "finds the nearest point within %d, inside and outside the square",
  (radius) => {
    const grid = nearestGrid(x, y);
    for (let k = 0; k < 300; k++) {
      const [px, py] = [random() * 1.4 - 0.2, random() * 1.4 - 0.2];
      expect(nearestPoint(grid, px, py, radius)).toBe(naive(px, py, radius));
    }
  },
);

test("only points of the mask are found, however far the next one is", () => {
  const mask = new Uint8Array(5000);
  mask[17] = 1;
  mask[4711] = 1;
  const grid = nearestGrid(x, y);
  for (let k = 0; k < 50; k++) {
    const [px, py] = [random(), random()];
    expect(nearestPoint(grid, px, py, 2, mask)).toBe(naive(px, py, 2, mask));
  }
});

test("points without a place are never found; an empty plot has none", () => {
  const grid = nearestGrid(Float32Array.of(Number.NaN, 0.9), Float32Array.of(0.1, 0.9));
  expect(nearestPoint(grid, 0.1, 0.1, 2)).toBe(1);
  expect(nearestPoint(nearestGrid(new Float32Array(0), new Float32Array(0)), 0.5, 0.5, 1)).toBe(-1);
});
