import { expect, it } from "vitest";
import { type Ends, endsOf, typedOf } from "./rangeText";

const DATA = [0, 8] as const;
const FREE: Ends = [null, null];

it("reads numbers as people type them, and nothing as the end of the data", () => {
  expect(endsOf(["1,5", " 4 "], FREE, DATA)).toEqual([1.5, 4]);
  expect(endsOf(["", "4"], FREE, DATA)).toEqual([null, 4]);
  expect(endsOf(["−2", ""], FREE, DATA)).toEqual([-2, null]);
  expect(endsOf(["", ""], [1, 2], DATA)).toEqual(FREE);
});

it("keeps the digits of an end that nobody has touched", () => {
  const before: Ends = [1.23456789, null];
  expect(typedOf(before)).toEqual(["1.235", ""]);
  expect(endsOf(["1.235", "4"], before, DATA)).toEqual([1.23456789, 4]);
});

it("says in one sentence what cannot be", () => {
  for (const [typed, sentence] of [
    [["abc", "4"], /^“abc” is no number/],
    [["1", "1e999"], /is no number/],
    [["5", "4"], /has to be below/],
    [["4", "4"], /has to be below/],
    [["8", ""], /^All values are below 8/],
    [["", "-1"], /^All values are above −1/],
  ] as const)
    expect(endsOf(typed, FREE, DATA)).toMatch(sentence);
});
