import { describe, expect, it } from "vitest";
import { occupancy, stripes } from "./occupancy";
import { type CategoryItem, matching, ordered, roomForBars } from "./order";
import { tickState } from "./ticks";

const item = (value: string | null, code: number, total: number): CategoryItem => ({
  value,
  code,
  total,
  selected: total,
});

describe("the column's box", () => {
  const all = ["B", "T", null];
  const filter = (mode: "include" | "exclude", values: (string | null)[]) => [
    { kind: "categories" as const, column: "c", mode, values },
  ];

  it("is ticked without a filter of this column", () => {
    expect(tickState([], "c", all)).toBe("all");
    expect(tickState(filter("exclude", ["B"]), "other", all)).toBe("all");
  });

  it("tells some from none, for both kinds of filters", () => {
    expect(tickState(filter("exclude", ["B"]), "c", all)).toBe("some");
    expect(tickState(filter("exclude", all), "c", all)).toBe("none");
    expect(tickState(filter("include", []), "c", all)).toBe("none");
    expect(tickState(filter("include", all), "c", all)).toBe("all");
  });
});

describe("order", () => {
  const items = [item("10", 0, 5), item("2", 1, 9), item(null, -1, 99)];
  const values = (sorted: readonly CategoryItem[]) => sorted.map((entry) => entry.value);

  it("reads numbers in names as numbers and keeps the missing values last", () => {
    expect(values(ordered(items, "name", null))).toEqual(["2", "10", null]);
    expect(values(ordered(items, "count", null))).toEqual(["2", "10", null]);
    expect(values(ordered(items, "given", null))).toEqual(["10", "2", null]);
  });

  it("puts the highest mean first, and categories without cells behind", () => {
    expect(values(ordered(items, "color", [0.5, 3]))).toEqual(["2", "10", null]);
    expect(values(ordered(items, "color", [0.5, Number.NaN]))).toEqual(["10", "2", null]);
  });

  it("searches by all the words in any case, the missing values too", () => {
    const cells = [item("CD4 T", 0, 1), item("CD8 T", 1, 1), item(null, -1, 1)];
    expect(values(matching(cells, "t cd8"))).toEqual(["CD8 T"]);
    expect(values(matching(cells, "miss"))).toEqual([null]);
  });
});

describe("occupancy", () => {
  const column = {
    kind: "categorical" as const,
    codes: Int8Array.of(0, 0, 1, -1),
    categories: ["a", "b"],
    missing: 1,
  };

  it("counts the colors of each category, missing ones apart", () => {
    const color = { ...column, codes: Int8Array.of(1, -1, 1, 0) };
    const table = occupancy(column, color);
    expect(table?.kind).toBe("composition");
    expect(Array.from(table?.counts ?? [])).toEqual([0, 1, 1, 0, 1, 0, 1, 0, 0]);
  });

  it("bins numbers over their whole range and knows the means", () => {
    const color = {
      kind: "continuous" as const,
      values: Float32Array.of(0, 10, 10, Number.NaN),
      min: 0,
      max: 10,
      missing: 1,
      integer: false,
    };
    const table = occupancy(column, color);
    if (table?.kind !== "distribution") throw new Error("expected a distribution");
    expect(table.counts[0]).toBe(1);
    expect(table.counts[table.width - 1]).toBe(1);
    expect(Array.from(table.means.subarray(0, 2))).toEqual([5, 10]);
  });

  it("draws stripes as wide as their counts", () => {
    expect(stripes([1, 0, 3], ["red", "green", "blue"])).toBe(
      "linear-gradient(to right, red 0.00% 25.00%, blue 25.00% 100.00%)",
    );
    expect(stripes([0, 0], ["red", "green"])).toBe("none");
  });
});

describe("bars of counts", () => {
  const names = ["CD4+/CD45RA+/CD25- Naive T", "CD8+/CD45RA+ Naive Cytotoxic", "NK", "B", "Dendritic"];
  const items = names.map((name, code) => item(name, code, 100));

  it("give their room to long names", () => {
    expect(roomForBars(items, 3, 260)).toBe(false);
    expect(roomForBars(items, 3, 400)).toBe(true);
  });

  it("stay when only a few names are long", () => {
    expect(roomForBars([...items, ...items.slice(2)], 3, 260)).toBe(true);
  });
});
