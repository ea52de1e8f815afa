import { expect, test } from "vitest";
import { similarOrder } from "./cluster";
import { outline } from "./density";
import { groupsOf, tableOf } from "./table";

test("rows that are alike come to stand together", () => {
  const rows = [
    [0, 0],
    [9, 9],
    [0, 1],
    [9, 8],
  ];
  const order = similarOrder(rows);
  expect([...order].sort()).toEqual([0, 1, 2, 3]);
  const near = (a: number, b: number) => Math.abs(order.indexOf(a) - order.indexOf(b));
  expect([near(0, 2), near(1, 3)]).toEqual([1, 1]);
  expect(similarOrder([])).toEqual([]);
});

test("a violin is widest where most values are, and ends where they end", () => {
  const counts = [1, 2, 20, 2, 1];
  const found = outline(counts, [0, 5], [0.2, 4.8], 0.6)!;
  expect(found.at[0]).toBeCloseTo(0.2);
  expect(found.at.at(-1)).toBeCloseTo(4.8);
  const widest = found.at[found.density.indexOf(1)]!;
  expect(Math.abs(widest - 2.5)).toBeLessThan(0.1);
  expect(outline([0, 0], [0, 1], [0, 1], 0)).toBeNull();
  expect(outline([3], [1, 1], [1, 1], 0)).toBeNull();
});

test("an answer becomes groups, in the order in which they come", () => {
  const table = tableOf({
    n_rows: 3,
    names: ["group", "group_2", "n"],
    columns: [
      ["b", "a", "b"],
      ["x", "x", "y"],
      [1, 2, null],
    ],
    metadata: { by: '["p", "q"]', n_cells: "9" },
  });
  expect(groupsOf(table)).toEqual({
    of: [0, 1, 2],
    names: ["b · x", "a · x", "b · y"],
    parts: [
      ["b", "x"],
      ["a", "x"],
      ["b", "y"],
    ],
  });
  expect(table.numbers("n")).toEqual([1, 2, Number.NaN]);
  expect(table.cells).toBe(9);
});
