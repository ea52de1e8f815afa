import { describe, expect, it } from "vitest";
import { otherNames } from "./geneNames";
import { nearOf } from "./near";

describe("nearOf", () => {
  it.each([
    ["cd8aa", "cd8a"],
    ["ms4a", "ms4a1"],
    ["lyx", "lyz"],
    ["mas41", "msa41"],
  ])("%s: %s was meant", (typed, meant) => {
    expect(nearOf(typed, ["foo", meant])).toBe(meant);
  });

  it("does not guess at two slips or two letters", () => {
    expect(nearOf("cd8ab", ["cd8ba1"])).toBeUndefined();
    expect(nearOf("ly", ["lyz"])).toBeUndefined();
  });
});

it("finds symbols beside ids and ids beside symbols", () => {
  const ids = ["ENSG00000167286", "ENSMUSG00000000001.4"];
  expect(otherNames(ids, ["n_cells", "Feature_Name"])).toEqual({ column: "Feature_Name", areSymbols: true });
  expect(otherNames(["CD3D"], ["n_cells", "gene_ids"])).toEqual({ column: "gene_ids", areSymbols: false });
  expect(otherNames(["CD3D"], ["feature_name"])).toBeNull();
});
