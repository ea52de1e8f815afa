import { describe, expect, it } from "vitest";
import type { DatasetInfo, GeneIndex } from "../../state/viewer";
import { findables, nameOf } from "./findables";

const dataset = {
  obs: [
    { name: "louvain", kind: "categorical" },
    { name: "n_genes", kind: "continuous" },
    { name: "barcode", kind: "string" },
  ],
} as DatasetInfo;

const genes = {
  search: (text: string, limit: number) =>
    ["CD3D", "CD8A", "LYZ"]
      .filter((gene) => gene.toLowerCase().includes(text))
      .slice(0, limit)
      .map((gene) => ({ gene, at: null })),
} as GeneIndex;

const find = (text: string) => findables(text, dataset, genes, () => ["B cells", "CD8", "cd8a like"]);

describe("findables", () => {
  it("finds nothing for no text", () => {
    expect(find("  ")).toEqual([]);
  });

  it("puts the section with the nearest hit first", () => {
    expect(find("cd8").map(({ title }) => title)).toEqual(["Categories", "Genes"]);
    expect(find("cd8a")[0]?.title).toBe("Genes");
    expect(find("n_g")[0]?.items.map(nameOf)).toEqual(["n_genes"]);
  });

  it("leaves out columns that cannot color", () => {
    expect(find("barcode")).toEqual([]);
  });
});
