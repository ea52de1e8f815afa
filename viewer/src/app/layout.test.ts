import { describe, expect, it } from "vitest";
import { dockedWidths, layoutSize } from "./useLayout";

describe("layout", () => {
  it("has three sizes", () => {
    expect([1400, 1100, 1099, 700, 559, 360].map(layoutSize)).toEqual([
      "full",
      "full",
      "compact",
      "compact",
      "narrow",
      "narrow",
    ]);
  });

  it("gives the sidebars what they ask for while the plot keeps half of the page", () => {
    expect(dockedWidths(1400, 280, 300)).toEqual({ cells: 280, genesPanel: 300 });
    const { cells, genesPanel } = dockedWidths(1100, 400, 400);
    expect(cells + genesPanel).toBeLessThanOrEqual(550);
    expect(cells).toBe(genesPanel);
    expect(dockedWidths(1100, 0, 0)).toEqual({ cells: 0, genesPanel: 0 });
  });
});
