import { expect, test } from "vitest";
import { columnsFor, largestSide } from "./grid";

test.each([
  [1, 800, 600, 1],
  [2, 1000, 600, 2],
  [2, 804, 815, 2], // a few pixels more are no reason to stand one above the other
  [2, 360, 700, 1],
  [4, 1000, 800, 2],
  [4, 920, 632, 2], // and none to leave two places empty
  [4, 1600, 400, 4],
  [5, 1000, 600, 3],
  [12, 1000, 800, 4],
])("%i plots on %i × %i stand in %i columns", (plots, width, height, columns) => {
  expect(columnsFor(plots, width, height)).toBe(columns);
});

test("the largest square is that of the best number of columns", () => {
  expect(largestSide(1, 770, 532)).toBe(532);
  expect(largestSide(4, 920, 632)).toBe(316);
  expect(largestSide(2, 0, 0)).toBe(0);
});
