import { describe, expect, it } from "vitest";
import type { Filter } from "../../state/state";
import { type CodeFacts, selectionCode } from "./code";

const facts: CodeFacts = {
  isText: (column) => column !== "batch",
  isInteger: (source) => source.name === "n_genes",
  clipped: () => null,
  bits: () => Uint8Array.of(5),
  nObs: 8,
};
const code = (...filters: Filter[]) => selectionCode({ filters, subset: [] }, facts);
const last = (...filters: Filter[]) =>
  code(...filters)
    .split("\n")
    .at(-2);

describe("the code of a selection", () => {
  it("of all cells is the object", () => {
    expect(code()).toBe("adata");
  });

  it("quotes whatever a name holds", () => {
    const filter: Filter = { kind: "categories", column: 'a"b\n', mode: "include", values: ["\\ é 😀"] };
    expect(last(filter)).toBe('keep = adata.obs["a\\"b\\n"].isin(["\\\\ é 😀"])');
  });

  it("knows missing values, and categories that are no texts", () => {
    const filter: Filter = { kind: "categories", column: "batch", mode: "exclude", values: ["1", null] };
    expect(last(filter)).toBe(
      'keep = ~(adata.obs["batch"].astype(str).isin(["1"]) | adata.obs["batch"].isna())',
    );
  });

  it("writes groups with brackets, and clips ranges", () => {
    const range: Filter = { kind: "range", source: { kind: "obs", name: "n_genes" }, min: 1, max: 9 };
    const group: Filter = { kind: "group", op: "any", not: true, filters: [range, range] };
    const between = 'adata.obs["n_genes"].between(1, 9)';
    expect(last(group)).toBe(`keep = ~(${between} | ${between})`);
    const clipped = selectionCode(
      { filters: [range], subset: [[range]] },
      { ...facts, clipped: () => [2, 5] },
    );
    expect(clipped).toContain(`(\n    ${between}\n    & adata.obs["n_genes"].between(2, 5)\n)`);
  });

  it("carries cells that only their positions describe", () => {
    expect(code({ kind: "cells", key: "k", label: "x", count: 2 })).toContain('keep = cells("BQ==")');
  });
});
