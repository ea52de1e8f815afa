// A comparison as the Python that repeats it with scanpy: the result in the notebook is the one shown here.

import type { Against, CellGroup, Comparison } from "../../state/comparing";
import { filtersOf } from "../../state/comparing";
import { leavesOf } from "../../state/selecting";
import type { Filter, RegionStep } from "../../state/state";

const quoted = (text: string): string => JSON.stringify(text);

export function codeOf(comparison: Comparison): string {
  if (comparison.kind === "ranking") {
    return `import scanpy as sc\n\nsc.get.rank_genes_groups_df(adata, group=None, key=${quoted(comparison.key)})\n`;
  }
  const lines = ["import scanpy as sc", ""];
  const { column, groups, reference, before } =
    comparison.kind === "markers"
      ? { column: comparison.column, groups: null, reference: "rest", before: [] }
      : groupsCode(comparison.a, comparison.b);
  const text = before.join("\n");
  if (before.length > 0) lines.unshift("import pandas as pd");
  if (text.includes("Path(")) {
    lines.unshift("import numpy as np", "from matplotlib.path import Path");
    lines.push(PLACED, "");
  }
  if (before.length > 0) lines.push(text, "");
  const { method, layer } = comparison;
  const test = method === "wilcoxon" ? ['method="wilcoxon"', "tie_correct=True"] : ['method="t-test"'];
  if (method === "cellxgene")
    lines.push("# scanpy has no test that divides both variances by the smaller group, as cellxgene does");
  const matrix =
    layer === "raw"
      ? ["use_raw=True"]
      : ["use_raw=False", ...(layer === "X" ? [] : [`layer=${quoted(layer)}`])];
  const which = groups ? [`groups=[${groups.map(quoted).join(", ")}]`] : [];
  const options = [
    ...which,
    `reference=${quoted(reference)}`,
    ...test,
    ...matrix,
    "pts=True",
    'key_added="compare"',
  ];
  lines.push(`sc.tl.rank_genes_groups(`, `    adata, ${quoted(column)}, ${options.join(", ")}`, ")");
  lines.push(
    `sc.get.rank_genes_groups_df(adata, group=${groups ? quoted(groups[0]!) : "None"}, key="compare")`,
  );
  return `${lines.join("\n")}\n`;
}

interface GroupsCode {
  column: string;
  groups: string[] | null;
  reference: string;
  before: string[];
}

function groupsCode(a: CellGroup, b: Against): GroupsCode {
  if (a.kind === "category") {
    const rest = b.kind === "rest" && b.within.length === 0;
    const same = b.kind === "category" && b.column === a.column;
    if (rest || same) {
      return { column: a.column, groups: [a.value], reference: same ? b.value : "rest", before: [] };
    }
  }
  const kept = leavesOf([...filtersOf(a), ...filtersOf(b)]).filter((leaf) => leaf.kind === "cells");
  const before = [
    ...kept.map(
      ({ label, count }) => `# put the names of the ${count} cells of ${quoted(label)} into isin([])`,
    ),
    `a = ${allOf(filtersOf(a))}`,
    `b = ${b.kind === "rest" ? `${b.within.length === 0 ? "" : `${allOf(b.within)} & `}~a` : allOf(filtersOf(b))}`,
    'adata.obs["compare"] = pd.Categorical(["A" if x else "B" if y else None for x, y in zip(a, b)])',
  ];
  return { column: "compare", groups: ["A"], reference: "B", before };
}

function allOf(filters: Filter[]): string {
  return filters.length === 0 ? "pd.Series(True, adata.obs_names)" : filters.map(maskOf).join(" & ");
}

/** A boolean for each cell. */
function maskOf(filter: Filter): string {
  switch (filter.kind) {
    case "categories": {
      const column = `adata.obs[${quoted(filter.column)}]`;
      const named = filter.values.filter((value) => value !== null).map(quoted);
      const parts = [
        ...(named.length > 0 ? [`${column}.astype(str).isin([${named.join(", ")}])`] : []),
        ...(filter.values.includes(null) ? [`${column}.isna()`] : []),
      ];
      const either = parts.length === 0 ? "pd.Series(False, adata.obs_names)" : parts.join(" | ");
      return filter.mode === "exclude" ? `~(${either})` : parts.length > 1 ? `(${either})` : either;
    }
    case "range": {
      const { source, min, max } = filter;
      const values =
        source.kind === "obs"
          ? `adata.obs[${quoted(source.name)}]`
          : source.kind === "gene"
            ? `pd.Series(adata.obs_vector(${quoted(source.name)}), adata.obs_names)`
            : `pd.Series(adata[:, [${source.genes.map(quoted).join(", ")}]].X.mean(axis=1).A1, adata.obs_names)`;
      return `${values}.between(${min}, ${max})`;
    }
    case "region":
      return filter.steps.reduce((before, step, i) => stepCode(before, filter.embedding, step, i), "");
    case "cells":
      return `pd.Series(adata.obs_names.isin([]), adata.obs_names)`; // see groupsCode
    case "group": {
      const inner = `(${filter.filters.map(maskOf).join(filter.op === "all" ? " & " : " | ")})`;
      return filter.not ? `~${inner}` : inner;
    }
  }
}

const PLACED = `def placed(name):
    """An embedding as the viewer draws it: scaled evenly into the unit square."""
    points = adata.obsm[name if name in adata.obsm else f"X_{name}"][:, :2].astype(float)
    low, high = np.nanmin(points, axis=0), np.nanmax(points, axis=0)
    return (points - (low + high) / 2) / (high - low).max() + 0.5
`;

/** One drag of the lasso; the first works on nothing, and what it takes away on all. */
function stepCode(before: string, embedding: string, { mode, shape, points }: RegionStep, i: number): string {
  const [first, second] = points;
  const corners =
    shape === "rectangle" && first && second
      ? [first, [second[0], first[1]], second, [first[0], second[1]]]
      : points;
  const text = corners.map(([x, y]) => `(${round(x!)}, ${round(y!)})`).join(", ");
  const inside = `pd.Series(Path([${text}]).contains_points(placed(${quoted(embedding)})), adata.obs_names)`;
  if (mode === "replace" || (i === 0 && mode !== "subtract")) return inside;
  if (mode === "subtract") return before === "" ? `~${inside}` : `(${before} & ~${inside})`;
  return `(${before} ${mode === "add" ? "|" : "&"} ${inside})`;
}

const round = (x: number): number => Math.round(x * 1e5) / 1e5;
