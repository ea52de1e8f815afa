import { expect, it } from "vitest";
import { fitMiddle } from "./fitMiddle";

const letters = (text: string): number => text.length;

it("leaves out no more of a name than it must", () => {
  expect(fitMiddle("CD8+/CD45RA+ Naive Cytotoxic", 20, letters)).toBe("CD8+/CD45R…Cytotoxic");
  expect(fitMiddle("clone_4711_TRA", 9, letters)).toBe("clon…_TRA");
});

it("leaves no gap beside the dots", () => {
  expect(fitMiddle("CD8+ Cytotoxic T", 10, letters)).toBe("CD8+…xic T");
  expect(fitMiddle("CD4+ naive T cell", 11, letters)).not.toMatch(/\s…|…\s/);
});

it("leaves only dots where there is no room at all", () => {
  expect(fitMiddle("Dendritic", 0, letters)).toBe("…");
});
