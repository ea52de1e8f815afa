import { describe, expect, it } from "vitest";
import type { Results } from "../../data/results";
import { REST } from "../../state/comparing";
import { codeOf } from "./code";
import { ALL_ROWS, csvOf, filteredRows, nextSort, sortedRows } from "./rows";
import { namedRows, nearestRow, rowsInside, volcanoPoints } from "./volcano";
import { againstOf, statText } from "./words";

const results: Results = {
  length: 4,
  genes: ["CD3D", "LYZ", "MS4A1", 'odd,"gene"'],
  groups: null,
  numbers: {
    log2_fold_change: Float64Array.of(2, -3, Number.NaN, 30),
    p_adjusted: Float64Array.of(0.001, 0, 1, 0.5),
    fraction_a: Float64Array.of(0.5, 0.25, 0, 1),
    fraction_b: Float64Array.of(0.5, 1, 0, 0),
  },
  cells: { a: 10, b: 20, both: 0 },
  leftOut: {},
};
const all = Uint32Array.of(0, 1, 2, 3);

describe("the rows of a table", () => {
  it("are those that pass every filter", () => {
    const rows = (changes: object, only: Set<number> | null = null) => [
      ...filteredRows(results, { ...ALL_ROWS, ...changes }, only),
    ];
    expect(rows({})).toEqual([0, 1, 2, 3]);
    expect(rows({ text: "cd3 lyz" })).toEqual([0, 1]);
    expect(rows({ change: 2.5 })).toEqual([1, 3]);
    expect(rows({ direction: "up" })).toEqual([0, 3]);
    expect(rows({ p: 0.01, direction: "down" })).toEqual([1]);
    expect(rows({}, new Set([2]))).toEqual([2]);
  });

  it("are sorted with what is no number at the end, either way", () => {
    const by = "log2_fold_change" as const;
    expect([...sortedRows(results, all, { by, descending: true })]).toEqual([3, 0, 1, 2]);
    expect([...sortedRows(results, all, { by, descending: false })]).toEqual([1, 0, 3, 2]);
    expect(nextSort(null, "p")).toEqual({ by: "p", descending: false });
    expect(nextSort({ by: "score", descending: true }, "score").descending).toBe(false);
  });

  it("become a file with all digits", () => {
    const text = csvOf(results, [1, 2, 3], ["log2_fold_change", "p_adjusted"]);
    expect(text).toBe('gene,log2_fold_change,p_adjusted\nLYZ,-3,0\nMS4A1,,1\n"odd,""gene""",30,0.5\n');
  });

  it("say numbers so that they can be compared", () => {
    expect(statText("p", 1.2345e-40)).toBe("1.2e−40");
    expect(statText("p_adjusted", 0.04)).toBe("0.04");
    expect(statText("fraction_a", 0.256)).toBe("26 %");
    expect(statText("score", -1.23456)).toBe("−1.23");
    expect(statText("score", Number.NaN)).toBe("–");
  });
});

describe("a volcano", () => {
  const points = volcanoPoints(results)!;
  const frame = { left: 0, top: 0, width: 200, height: 100 };

  it("is as wide as the genes that both groups have; others stand at its edge", () => {
    expect(points.xMax).toBeCloseTo(3 * 1.12);
    expect(points.x[3]).toBe(points.xMax);
    expect(points.y[1]).toBe(points.yMax); // p of 0
    expect(points.x[2]).toBeNaN();
  });

  it("finds and brushes genes", () => {
    expect(nearestRow(points, frame, all, [200, 90], 12)).toBe(3);
    expect(nearestRow(points, frame, all, [100, 50], 12)).toBeNull();
    expect([...rowsInside(points, frame, all, [0, 20], [60, 0])]).toEqual([1]);
    expect(namedRows(points, all, 1).sort()).toEqual([0, 1]);
  });
});

describe("a comparison as Python", () => {
  const T = { kind: "category", column: "cell type", value: 'T "naive"' } as const;
  it("is one call where scanpy has the groups", () => {
    const code = codeOf({ kind: "groups", name: "", a: T, b: REST, method: "wilcoxon", layer: "raw" });
    expect(code).toContain(
      'adata, "cell type", groups=["T \\"naive\\""], reference="rest", method="wilcoxon"',
    );
    expect(code).toContain("tie_correct=True, use_raw=True");
    expect(code).not.toContain("pandas");
  });

  it("never compares cells with themselves", () => {
    expect(againstOf(T, { ...T, value: "B" }).kind).toBe("category");
    expect(againstOf(T, { ...T, column: "batch" }).kind).toBe("rest");
    expect(againstOf(T, null)).toBe(REST);
  });
});
