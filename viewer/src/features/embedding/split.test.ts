import { expect, test } from "vitest";
import type { CategoricalColumn, CategoryCounts } from "../../state/viewer";
import { splitPanels, splitSentence } from "./split";

function column(cells: number[], missing = 0): [CategoricalColumn, CategoryCounts] {
  const categories = cells.map((_, i) => `c${i}`);
  const total = Uint32Array.from(cells);
  return [
    { kind: "categorical", codes: new Int8Array(0), categories, missing },
    { total, selected: total, missing: { total: missing, selected: missing } },
  ];
}

const names = (...given: Parameters<typeof column>) =>
  splitPanels("a", ...column(...given)).map(({ only }) => only?.value);

test("each category with cells has a panel, in the column's order", () => {
  expect(names([5, 0, 9])).toEqual(["c0", "c2"]);
  expect(names([5, 1], 3)).toEqual(["c0", "c1", null]);
});

test("of too many those with the most cells have one, and it is said", () => {
  const cells = Array.from({ length: 20 }, (_, i) => i + 1);
  expect(names(cells)).toEqual(Array.from({ length: 11 }, (_, i) => `c${i + 9}`));
  expect(names(Array(20).fill(7))).toHaveLength(11);
  expect(splitSentence("a", 11, column(cells)[0])).toContain("20 categories");
  expect(splitSentence("a", 2, column([5, 1])[0])).toBeNull();
});
