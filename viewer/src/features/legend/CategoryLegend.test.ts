import { expect, it } from "vitest";
import { coversTooMuch } from "./CategoryLegend";

it("a list of colors may cover a fifth of the plot unasked", () => {
  const list = { clientWidth: 150, clientHeight: 250 };
  expect(coversTooMuch(list, { clientWidth: 620, clientHeight: 380 })).toBe(false);
  expect(coversTooMuch(list, { clientWidth: 360, clientHeight: 380 })).toBe(true);
});
