import { expect, test } from "vitest";
import type { TableDoc } from "../../api/types";
import { question } from "../../data/questions";
import { FIGURE, type Figure, SELECTION, validFigure } from "../../state/figure";
import { initialView } from "../../state/initial";
import type { DatasetInfo } from "../../state/store";
import { csvText } from "./export/files";
import { numberOf, problemOf } from "./Field";
import { neededColumns } from "./panels";
import { chosenOf, groupingOf, questionOf } from "./question";
import { scaled } from "./render";
import { tableOf, titlesOf } from "./table";

const DATASET = {
  obs: [
    { name: "n_genes", kind: "continuous" },
    { name: "louvain", kind: "categorical" },
    { name: "phase", kind: "categorical" },
    { name: "barcode", kind: "string" },
  ],
} as DatasetInfo;
const SETS = [
  { name: "T", description: "", genes: ["CD3D", "CD8A"], about: {} },
  { name: "NK", description: "", genes: ["NKG7", "CD8A"], about: {} },
];
const MASKS = { selected: Uint8Array.of(1, 0, 1), inside: null };
const figure = (changes: Partial<Figure>): Figure => ({ ...FIGURE, ...changes });
const view = (changes: Partial<Figure> = {}) => initialView({ genes: ["LYZ"], figure: figure(changes) });

test("genes of sets stand under brackets, each once", () => {
  const mine = figure({
    genes: { from: "sets", names: ["T", "NK", "gone"] },
    columns: ["n_genes", "louvain"],
  });
  expect(chosenOf(mine, view(), SETS, DATASET)).toEqual({
    genes: ["CD3D", "CD8A", "NKG7"],
    columns: ["n_genes"],
    brackets: [
      { title: "T", first: "CD3D", last: "CD8A" },
      { title: "NK", first: "NKG7", last: "NKG7" },
    ],
  });
  expect(chosenOf(FIGURE, view(), SETS, DATASET).genes).toEqual(["LYZ"]);
});

test("groups are what was chosen, else what colors the cells, else the first column", () => {
  expect(groupingOf(FIGURE, view(), DATASET)).toEqual({ by: "louvain", split: null, bars: [] });
  const colored = { ...view(), color: { kind: "obs", name: "phase" } as const };
  expect(groupingOf(FIGURE, colored, DATASET).by).toBe("phase");
  expect(groupingOf(figure({ by: "gone" }), view(), DATASET).by).toBe("louvain");
  expect(groupingOf(figure({ by: SELECTION }), view(), DATASET).by).toBe(SELECTION);
  // no flow without a second column
  expect(groupingOf(figure({ kind: "sankey" }), view(), DATASET)).toEqual({
    by: "louvain",
    split: "phase",
    bars: [],
  });
});

test("the server is asked for what the figure needs, and no more", () => {
  const genes = { genes: ["LYZ"], columns: [], brackets: [] };
  const by = { by: SELECTION, split: null, bars: [] };
  const bits = { cells: "BQ==" };
  expect(questionOf(figure({ kind: "dot" }), genes, by, MASKS)).toEqual({
    genes: ["LYZ"],
    columns: [],
    by: [{ name: "selected cells", cells: bits }],
    cells: null,
    layer: "X",
    cutoff: 0,
  });
  expect(questionOf(figure({ kind: "violin", cells: "selected" }), genes, by, MASKS)).toMatchObject({
    cells: bits,
    quantiles: true,
  });
  expect(questionOf(figure({ kind: "embedding" }), genes, by, MASKS)).toBeNull();
  expect(questionOf(figure({ kind: "dot" }), { ...genes, genes: [] }, by, MASKS)).toBeNull();
});

test("a heat map has bars instead of a second column, without what is not there", () => {
  const heat = figure({ kind: "heat", split: "phase", bars: ["phase", "louvain", "gone", SELECTION] });
  const grouping = groupingOf(heat, view(), DATASET);
  expect(grouping).toEqual({ by: "louvain", split: null, bars: ["phase", SELECTION] });
  const genes = { genes: ["LYZ"], columns: [], brackets: [] };
  expect(questionOf(heat, genes, grouping, MASKS)).toMatchObject({
    by: ["louvain"],
    beside: ["phase", { name: "selected cells", cells: { cells: "BQ==" } }],
    sample: 2000,
  });
  const { bars: _, ...before } = heat; // a view that was saved before there were bars
  expect(validFigure(before)).toBe(true);
  expect(groupingOf(before, view(), DATASET).bars).toEqual([]);
});

test("the grid asks for the genes of the layer that is chosen", () => {
  const chosen = { genes: ["LYZ"], columns: ["n_genes"], brackets: [] };
  const grid = figure({ kind: "grid" });
  expect(neededColumns(grid, chosen, "phase")).toEqual(["gene/LYZ", "obs/n_genes", "obs/phase"]);
  expect(neededColumns({ ...grid, layer: "a/b" }, chosen, null)).toEqual([
    'layer/["a/b","LYZ"]',
    "obs/n_genes",
  ]);
  const layout = { varIndex: "name_0", kind: () => undefined };
  expect(question('layer/["a/b","LYZ"]', layout)).toBe("data/var?layer=a%2Fb&var:name_0=LYZ");
});

test("what is scaled goes from 0 to 1 along its side", () => {
  expect(scaled([1, 3, 5, 5, Number.NaN], [0, 0, 1, 1, 1])).toEqual([0, 1, 0, 0, Number.NaN]);
});

test("a size may be typed with a comma, and must make sense", () => {
  expect(numberOf(" 3,5 ")).toBe(3.5);
  expect(problemOf("3,5", 1, 10, true)).toBeNull();
  expect(problemOf("", 1, 10, true)).toBeNull();
  for (const typed of ["", "11", "x", "1e999"]) expect(problemOf(typed, 1, 10, false)).not.toBeNull();
});

test("a file says what its columns are", () => {
  const names = ["cell", "group", "value_0", "value_1", "beside_0"];
  const metadata = { features: '["LYZ","n_genes"]', beside: '["phase"]' };
  const table = tableOf({ n_rows: 0, names, columns: [], metadata } as unknown as TableDoc);
  expect(titlesOf(names, table)).toEqual(["cell", "group", "LYZ", "n_genes", "phase"]);
});

test("names with commas, quotes and line breaks come back from the CSV", () => {
  expect(
    csvText(
      ["group", "n"],
      [
        ['a,"b"\n', null],
        [1, 2.5],
      ],
    ),
  ).toBe('group,n\n"a,""b""\n",1\n,2.5\n');
});
