import { describe, expect, it } from "vitest";
import { resolveGenes, splitGenes, unknownSentence } from "./geneList";

const genes = {
  lookup: (symbol: string) => ["CD3D", "LYZ", "HLA-DRA"].find((gene) => gene === symbol.toUpperCase()),
};

describe("a pasted list", () => {
  it("is split at commas, spaces, lines, and freed of quotes and brackets", () => {
    expect(splitGenes("['CD3D', \"LYZ\"];\n HLA-DRA\tMS4A1")).toEqual(["CD3D", "LYZ", "HLA-DRA", "MS4A1"]);
  });

  it("takes the dataset's spelling, once each, and keeps what is unknown", () => {
    const parsed = resolveGenes(["cd3d", "CD3D", "FOO"], genes);
    expect(parsed).toEqual({ found: ["CD3D"], unknown: ["FOO"] });
    expect(unknownSentence(parsed)).toBe("Not among the genes of this dataset: FOO. 1 added.");
  });

  it("names a few of many unknown genes", () => {
    const sentence = unknownSentence(resolveGenes(["a", "b", "c", "d", "e", "f", "g"], genes));
    expect(sentence).toContain("a, b, c, d, e and 2 more");
    expect(unknownSentence(resolveGenes(["LYZ"], genes))).toBeNull();
  });
});
