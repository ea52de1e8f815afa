import { expect, it } from "vitest";
import { embeddingTitle, layoutKey, obsKey, scatterGenes, scatterName } from "./keys";
import { axisPlace, axisValue, scatterColumn, scatterParts } from "./scatter";
import type { ContinuousColumn } from "./values";

function gene(...values: number[]): ContinuousColumn {
  const finite = values.filter(Number.isFinite);
  return {
    kind: "continuous",
    values: Float32Array.from(values),
    min: finite.length > 0 ? Math.min(...finite) : Number.NaN,
    max: finite.length > 0 ? Math.max(...finite) : Number.NaN,
    missing: values.length - finite.length,
    integer: false,
  };
}

it("names two genes, whatever they are called", () => {
  const pairs: [string, string][] = [
    ["CD3D", "LYZ"],
    ['a"]', "scatter, x"],
    ["", "é / ☃"],
  ];
  for (const genes of pairs) expect(scatterGenes(scatterName(...genes))).toEqual(genes);
  expect(embeddingTitle(scatterName("CD3D", "LYZ"))).toBe("CD3D × LYZ");
});

it("leaves embeddings alone, also those of strange names", () => {
  for (const name of ["umap", "scatter", "scatter plot", 'scatter ["one"]', "scatter [1, 2]"]) {
    expect(scatterGenes(name)).toBeNull();
    expect(embeddingTitle(name)).toBe(name);
    expect(scatterParts(layoutKey(name))).toBeNull();
  }
  expect(scatterParts(obsKey(scatterName("A", "B")))).toBeNull();
});

it("fills the square with each gene's range", () => {
  const { x, y, missing } = scatterColumn(gene(0, 1, 4), gene(-2, 2, 0));
  expect([...x]).toEqual([0, 0.25, 1]);
  expect([...y]).toEqual([0, 1, 0.5]);
  expect(missing).toBe(0);
});

it("has no place for cells without both numbers", () => {
  const { x, y, missing } = scatterColumn(gene(0, Number.NaN, 4, 2), gene(1, 2, Infinity, 3));
  expect(missing).toBe(2);
  expect([...x].map(Number.isNaN)).toEqual([false, true, true, false]);
  expect([...y].map(Number.isNaN)).toEqual([false, true, true, false]);
});

it("puts a constant gene in the middle", () => {
  expect([...scatterColumn(gene(3, 3), gene(0, 1)).x]).toEqual([0.5, 0.5]);
  const nothing = scatterColumn(gene(Number.NaN, Number.NaN), gene(0, 1));
  expect(nothing.missing).toBe(2);
});

it("reads its axes both ways", () => {
  const range = { min: -1, max: 3 };
  expect(axisValue(axisPlace(2, range), range)).toBe(2);
});
