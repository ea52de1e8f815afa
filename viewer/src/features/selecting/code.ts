// The selection as Python that finds the same cells in an AnnData: what a notebook or a paper can keep.

import { scatterGenes } from "../../data/keys";
import { toBase64 } from "../../lib/base64";
import { leavesOf } from "../../state/selecting";
import type { Filter, Point, RegionStep, Source, ViewState } from "../../state/state";

type Range = readonly [min: number, max: number];

/** What the code needs to know of the data. */
export interface CodeFacts {
  /** Categories that are texts are compared as they are, others as they are written. */
  isText(column: string): boolean;
  isInteger(source: Source): boolean;
  /** Where numbers are clipped; null where they are not. */
  clipped(source: Source): Range | null;
  /** Packed bits of a set of cells. */
  bits(key: string): Uint8Array | undefined;
  nObs: number;
}

type Selected = Pick<ViewState, "filters" | "subset">;

/** Ends with `adata[keep]`. */
export function selectionCode(view: Selected, facts: CodeFacts): string {
  const parts = [
    ...view.subset.flat().map((filter) => expression(filter, { ...facts, clipped: () => null })),
    ...view.filters.map((filter) => expression(filter, facts)),
  ];
  if (parts.length === 0) return "adata";
  const keep = parts.length === 1 ? parts[0] : `(\n    ${parts.join("\n    & ")}\n)`;
  return [...preamble(view), `keep = ${keep}`, "adata[keep]"].join("\n");
}

function preamble({ filters, subset }: Selected): string[] {
  const leaves = leavesOf([...subset.flat(), ...filters]);
  const regions = leaves.filter((filter) => filter.kind === "region");
  const cells = leaves.some((filter) => filter.kind === "cells");
  const sets = leaves.flatMap((leaf) =>
    leaf.kind === "range" && leaf.source.kind === "set" ? leaf.source : [],
  );
  const scores = sets.filter(({ method }) => method === "score_genes");
  const sums = sets.length > scores.length;
  const lines: string[] = [];
  if (cells) lines.push("import base64");
  if (cells || sums || regions.length > 0) lines.push("import numpy as np");
  if (scores.length > 0) lines.push("import scanpy as sc");
  if (regions.length > 0) lines.push("from matplotlib.path import Path");
  if (lines.length > 0) lines.push("");
  if (regions.some(({ embedding }) => scatterGenes(embedding) === null)) lines.push(...PLACES, "");
  if (regions.some(({ embedding }) => scatterGenes(embedding) !== null)) lines.push(...GENE_PLACES, "");
  if (cells) lines.push(...CELLS, "");
  for (const { name, genes } of scores) {
    lines.push(`sc.tl.score_genes(adata, [${genes.map(quoted).join(", ")}], score_name=${quoted(name)})`, "");
  }
  return lines;
}

// The plot's coordinates: both axes scaled alike into [0, 1], in single precision.
const PLACES = [
  "def places(name):",
  '    xy = np.array(adata.obsm["X_" + name if "X_" + name in adata.obsm else name], float)[:, :2]',
  "    xy[~np.isfinite(xy).all(axis=1)] = np.nan",
  "    low, high = np.nanmin(xy, axis=0), np.nanmax(xy, axis=0)",
  "    return np.float32((xy - (low + high) / 2) / ((high - low).max() or 1) + 0.5)",
];

const GENE_PLACES = [
  "def gene_places(*genes):  # each axis from its gene's smallest to its largest value",
  "    xy = np.column_stack([adata.obs_vector(gene) for gene in genes]).astype(float)",
  "    low, span = np.nanmin(xy, axis=0), np.ptp(xy, axis=0)",
  "    return np.float32(np.where(span > 0, (xy - low) / np.where(span > 0, span, 1), 0.5))",
];

const CELLS = [
  "def cells(bits):  # by position: for this object, in this order",
  "    packed = np.frombuffer(base64.b64decode(bits), np.uint8)",
  '    return np.unpackbits(packed, count=adata.n_obs, bitorder="little").astype(bool)',
];

const NO_CELL = "adata.obs_names.isin([])";

function expression(filter: Filter, facts: CodeFacts): string {
  switch (filter.kind) {
    case "categories":
      return categories(filter, facts);
    case "range":
      return range(filter.source, [filter.min, filter.max], facts);
    case "region":
      return region(filter.embedding, filter.steps);
    case "cells":
      return `cells("${toBase64(facts.bits(filter.key) ?? new Uint8Array(Math.ceil(facts.nObs / 8)))}")`;
    case "group": {
      const inner = filter.filters.map((each) => expression(each, facts));
      const op = filter.op === "any" ? " | " : " & ";
      // All of nothing is everything; any of nothing is nothing.
      const nothing = filter.op === "all" ? `~${NO_CELL}` : NO_CELL;
      const text = inner.length === 0 ? nothing : inner.join(op);
      return filter.not ? `~(${text})` : inner.length === 1 ? text : `(${text})`;
    }
  }
}

function categories(
  { column, mode, values }: Extract<Filter, { kind: "categories" }>,
  { isText }: CodeFacts,
): string {
  const obs = `adata.obs[${quoted(column)}]`;
  const named = values.filter((value) => value !== null);
  const missing = values.includes(null);
  const found = `${obs}${isText(column) ? "" : ".astype(str)"}.isin([${named.map(quoted).join(", ")}])`;
  const listed = !missing ? found : named.length === 0 ? `${obs}.isna()` : `(${found} | ${obs}.isna())`;
  return mode === "include" ? listed : `~${listed}`;
}

function range(source: Source, [low, high]: Range, facts: CodeFacts): string {
  const clip = facts.clipped(source);
  const [min, max] = clip ? [Math.max(low, clip[0]), Math.min(high, clip[1])] : [low, high];
  const between = `${number(min)}, ${number(max)}`;
  if (source.kind === "obs") {
    // The viewer has single precision.
    const exact = facts.isInteger(source) ? "" : '.astype("float32")';
    return `adata.obs[${quoted(source.name)}]${exact}.between(${between})`;
  }
  if (source.kind === "set" && source.method === "score_genes") {
    return `adata.obs[${quoted(source.name)}].between(${between})`;
  }
  const values =
    source.kind === "gene"
      ? `adata.obs_vector(${quoted(source.name)})`
      : `np.ravel(adata[:, [${source.genes.map(quoted).join(", ")}]].X.mean(axis=1))`;
  return `(((values := ${values}) >= ${number(min)}) & (values <= ${number(max)}))`;
}

function region(embedding: string, steps: RegionStep[]): string {
  const genes = scatterGenes(embedding);
  const places = genes ? `gene_places(${genes.map(quoted).join(", ")})` : `places(${quoted(embedding)})`;
  const inside = (step: RegionStep): string =>
    `Path([${corners(step).map(point).join(", ")}]).contains_points(${places})`;
  const everywhere = `np.isfinite(${places}).all(axis=1)`;
  let text = "";
  for (const step of steps) {
    const drawn = inside(step);
    if (step.mode === "replace") text = drawn;
    else if (step.mode === "add") text = text === "" ? drawn : `(${text} | ${drawn})`;
    else text = `(${text || everywhere} & ${step.mode === "subtract" ? "~" : ""}${drawn})`;
  }
  return text || NO_CELL;
}

function corners({ shape, points }: RegionStep): readonly Point[] {
  const [a, b] = points;
  if (shape === "lasso" || !a || !b) return points;
  return [a, [b[0], a[1]], b, [a[0], b[1]]];
}

const point = ([x, y]: Point): string => `(${number(x)}, ${number(y)})`;

const number = (value: number): string => String(value);

/** A Python string literal: JSON's escapes are Python's too. */
const quoted = (text: string): string => JSON.stringify(text);
