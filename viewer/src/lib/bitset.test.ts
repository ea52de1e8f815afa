import { expect, test } from "vitest";
import { countBits, countMask, packBits, unpackBits } from "./bitset";
import { randomNumbers } from "./random";

const random = randomNumbers(3);
const mask = Uint8Array.from({ length: 1003 }, () => (random() < 0.3 ? 1 : 0));

test("cell i is bit i % 8 of byte i / 8, least significant first", () => {
  expect([...packBits(Uint8Array.of(1, 0, 1, 0, 0, 0, 0, 0, 0, 1))]).toEqual([0b101, 0b10]);
});

test("unpacking undoes packing, also when n is no multiple of 8", () => {
  expect(unpackBits(packBits(mask), mask.length)).toEqual(mask);
});

test("bits and masks count alike, and stray bits beyond n do not count", () => {
  expect(countBits(packBits(mask))).toBe(countMask(mask));
  expect(countBits(Uint8Array.of(0xff, 0xff), 11)).toBe(11);
  expect(countBits(Uint8Array.of(0xff), 64)).toBe(8);
});

test("no cells at all", () => {
  expect(packBits(new Uint8Array(0)).length).toBe(0);
  expect(unpackBits(new Uint8Array(0), 3)).toEqual(new Uint8Array(3));
});
