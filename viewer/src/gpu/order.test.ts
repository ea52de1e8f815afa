import { expect, test } from "vitest";
import { permutation } from "../lib/random";
import { drawOrder } from "./order";
import { MISSING } from "./renderer";

const shuffled = permutation(1000, 1);
const codes = Uint16Array.from({ length: 1000 }, (_, i) => (i % 10 === 3 ? MISSING : (i * 7919) % 50));

test("by value, high codes are drawn last and missing ones first", () => {
  const order = drawOrder(shuffled, codes, "value");
  const keys = Array.from(order, (i) => (codes[i] === MISSING ? -1 : codes[i]!));
  expect(keys).toEqual(keys.toSorted((a, b) => a - b));
  expect(order.toSorted()).toEqual(shuffled.toSorted());
});

test("by value, equal codes keep the shuffle, so that no region hides another", () => {
  const equal = new Uint16Array(1000).fill(12);
  expect(drawOrder(shuffled, equal, "value")).toEqual(shuffled);
});

test("at random, the shuffle stays, but for missing values beneath all others", () => {
  const order = drawOrder(shuffled, codes, "random");
  const missing = shuffled.filter((i) => codes[i] === MISSING);
  expect(order.slice(0, missing.length)).toEqual(missing);
  expect(order.slice(missing.length)).toEqual(shuffled.filter((i) => codes[i] !== MISSING));
});

test("without colors and without missing values nothing is sorted", () => {
  expect(drawOrder(shuffled, null, "value")).toBe(shuffled);
  expect(drawOrder(shuffled, new Uint16Array(1000), "random")).toBe(shuffled);
});
