import { expect, it } from "vitest";
import { shares } from "./useSummary";

it("names the largest categories of the selection", () => {
  const names = ["B", "CD4 T", "rare", "none", "NK"];
  expect(shares("louvain", names, [12, 80, 0.5, 0, 7.5])).toBe(
    "By louvain: CD4 T 80 %, B 12 %, NK 8 % and 1 more.",
  );
  expect(shares("louvain", names, [0, 999, 1, 0, 0])).toBe("By louvain: CD4 T 100 %, rare below 1 %.");
  expect(shares("louvain", names, [0, 0, 0, 0, 0])).toBe("None has a louvain.");
});
