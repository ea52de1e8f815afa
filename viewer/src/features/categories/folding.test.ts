import { expect, it } from "vitest";
import { folded } from "./folding";
import type { CategoryItem } from "./order";

const item = (code: number, total: number): CategoryItem => ({
  value: String(code),
  code,
  total,
  selected: 0,
});

it("lists the largest in the order given, and the missing values always", () => {
  const items = [item(0, 1), item(1, 9), item(2, 5), item(3, 7), { ...item(-1, 1), value: null }];
  const { listed, others } = folded(items, 2);
  expect(listed.map(({ code }) => code)).toEqual([1, 3, -1]);
  expect(others.map(({ code }) => code)).toEqual([0, 2]);
  expect(folded(items, 4)).toEqual({ listed: items, others: [] });
});
