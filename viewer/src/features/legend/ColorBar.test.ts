import { describe, expect, it } from "vitest";
import { barTicks } from "./ColorBar";

describe("the ticks of the color bar", () => {
  it("are both ends and round numbers between", () => {
    expect(barTicks(0, 5.4, 240)).toEqual([0, 2, 4, 5.4]);
  });

  it("leave out what would touch the label of an end", () => {
    expect(barTicks(2141, 9497, 240)).not.toContain(9000);
    expect(barTicks(0, 5.355, 50)).toEqual([0, 5.355]);
  });
});
