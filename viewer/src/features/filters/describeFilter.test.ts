import { describe, expect, it } from "vitest";
import type { Filter } from "../../state/state";
import { describeFilter } from "./describeFilter";

const categories = (mode: "include" | "exclude", values: (string | null)[]): Filter => ({
  kind: "categories",
  column: "louvain",
  mode,
  values,
});
const text = (filter: Filter, total?: number) => {
  const { about, detail } = describeFilter(filter, "umap", () => total);
  return `${about} ${detail}`.trim();
};

describe("describeFilter", () => {
  it("names a few categories and counts many", () => {
    expect(text(categories("include", ["B", "T"]))).toBe("louvain B, T");
    expect(text(categories("exclude", ["B", null]))).toBe("louvain not B, (missing)");
    expect(text(categories("exclude", ["a", "b", "c"]), 8)).toBe("louvain 5 of 8");
    expect(text(categories("include", ["a", "b", "c"]), 8)).toBe("louvain 3 of 8");
    expect(text(categories("exclude", ["a", "b", "c"]))).toBe("louvain not 3 categories");
    expect(text(categories("include", []), 8)).toBe("louvain none");
  });

  it("shows the ends of a range and sets genes apart", () => {
    const filter: Filter = { kind: "range", source: { kind: "gene", name: "LYZ" }, min: 0.5, max: 4 };
    expect(text(filter)).toBe("LYZ 0.5 – 4");
    expect(describeFilter(filter, "umap", () => undefined).italic).toBe(true);
  });

  it("says where a region was drawn only when it is elsewhere", () => {
    const region = (embedding: string): Filter => ({
      kind: "region",
      embedding,
      steps: [{ mode: "replace", shape: "lasso", points: [] }],
    });
    expect(text(region("umap"))).toBe("Lasso");
    expect(text(region("pca"))).toBe("Lasso in pca");
  });
});
