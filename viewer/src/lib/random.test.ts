import { expect, test } from "vitest";
import { permutation } from "./random";

test("a permutation holds every index once", () => {
  const order = permutation(10_000, 7);
  expect(order.slice().sort()).toEqual(Uint32Array.from({ length: 10_000 }, (_, i) => i));
});

test("the same seed gives the same order, another seed another", () => {
  expect(permutation(100, 1)).toEqual(permutation(100, 1));
  expect(permutation(100, 1)).not.toEqual(permutation(100, 2));
});

test("no place is favored", () => {
  const hits = new Uint32Array(8); // where does 0 end up?
  for (let seed = 0; seed < 8000; seed++) hits[permutation(8, seed).indexOf(0)]!++;
  expect(Math.min(...hits)).toBeGreaterThan(880);
  expect(Math.max(...hits)).toBeLessThan(1120);
});
