// Groups, methods and numbers of a comparison as people read them.

import type { Stat } from "../../data/results";
import { formatNumber } from "../../lib/format";
import { type Against, type CellGroup, type Comparison, type Method, REST } from "../../state/comparing";
import type { Filter } from "../../state/state";

export const METHODS: Record<Method, string> = {
  "t-test": "Welch’s t-test",
  wilcoxon: "Wilcoxon",
  cellxgene: "cellxgene’s t-test",
};

export const METHOD_HINTS: Record<Method, string> = {
  "t-test": "Of log-normalized values: fast, and the usual first look",
  wilcoxon: "Rank-sum test, corrected for ties, with AUROC",
  cellxgene: "As cellxgene Desktop 1.3 computes it, Bonferroni-adjusted",
};

interface StatWords {
  short: string; // head of the table
  long: string; // for a tooltip and for screen readers
}

export const STAT_WORDS: Record<Stat, StatWords> = {
  log2_fold_change: { short: "log₂FC", long: "log2 fold change, A over B" },
  mean_difference: { short: "Δ mean", long: "Mean of A minus mean of B" },
  score: { short: "Score", long: "Score of the test: t, or z of Wilcoxon’s" },
  p: { short: "p", long: "p value, two-sided" },
  p_adjusted: { short: "p adj.", long: "p value, adjusted for the number of genes" },
  fraction_a: { short: "% A", long: "Cells of A that express the gene" },
  fraction_b: { short: "% B", long: "Cells of B that express the gene" },
  cohens_d: { short: "Cohen’s d", long: "Effect size: difference of the means in standard deviations" },
  auroc: { short: "AUROC", long: "Chance that a cell of A has more than one of B" },
  mean_a: { short: "Mean A", long: "Mean over the cells of A" },
  mean_b: { short: "Mean B", long: "Mean over the cells of B" },
};

export function groupWords(group: Against): string {
  if (group.kind === "category") return group.value;
  if (group.kind === "filters") return group.name;
  if (group.within.length === 0) return "All other cells";
  return `${filtersWords(group.within)}, without A`;
}

/** By what a group was chosen, short. */
export function filtersWords(filters: Filter[]): string {
  const [only] = filters;
  if (filters.length !== 1 || !only) return filters.length === 0 ? "All cells" : `${filters.length} filters`;
  switch (only.kind) {
    case "categories": {
      const names = only.values.map((value) => value ?? "(missing)");
      const text = names.length <= 2 ? names.join(", ") : `${names.length} of ${only.column}`;
      return only.mode === "exclude" ? `not ${text}` : text;
    }
    case "range":
      return `${only.source.name} ${formatNumber(only.min)} – ${formatNumber(only.max)}`;
    case "region":
      return only.steps.some(({ shape }) => shape === "lasso") ? "Lasso" : "Rectangle";
    case "cells":
      return only.label;
    case "group":
      return only.name ?? `${only.filters.length} filters`;
  }
}

/** What a new comparison is called. */
export function comparisonName(a: CellGroup, b: Against): string {
  return `${groupWords(a)} vs ${b.kind === "rest" && b.within.length === 0 ? "rest" : groupWords(b)}`;
}

/** What the groups of a comparison are, for the head of its table. */
export function comparisonWords(comparison: Comparison): string {
  if (comparison.kind === "ranking") return `scanpy’s, in uns["${comparison.key}"]`;
  const how = `${METHODS[comparison.method]}${comparison.layer === "X" ? "" : `, layer ${comparison.layer}`}`;
  return comparison.kind === "markers"
    ? `Each of ${comparison.column} against all other cells · ${how}`
    : how;
}

/** Whether cells may be in both: then B is asked without those of A. */
export function mayOverlap(a: CellGroup | null, b: CellGroup): boolean {
  return !(a?.kind === "category" && b.kind === "category" && a.column === b.column);
}

/** B as the user means it: nobody compares cells with themselves. */
export function againstOf(a: CellGroup | null, b: CellGroup | null): Against {
  if (!b) return REST;
  if (!mayOverlap(a, b)) return b;
  if (b.kind === "category") return { kind: "rest", within: [categoryOf(b.column, b.value)] };
  return {
    kind: "rest",
    within: [{ kind: "group", op: "all", not: false, filters: b.filters, name: b.name }],
  };
}

const categoryOf = (column: string, value: string): Filter => ({
  kind: "categories",
  column,
  mode: "include",
  values: [value],
});

/** A number in a cell of the table, short (its tooltip and the file have all digits): fractions are percent. */
export function statText(stat: Stat, value: number): string {
  if (Number.isNaN(value)) return "–";
  if (stat === "p" || stat === "p_adjusted") return pText(value);
  if (stat === "fraction_a" || stat === "fraction_b") return `${Math.round(100 * value)} %`;
  if (!Number.isFinite(value)) return formatNumber(value);
  const size = Math.abs(value);
  return value.toFixed(size >= 1000 ? 0 : size >= 100 ? 1 : 2).replace("-", "\u2212");
}

function pText(value: number): string {
  if (value === 0 || value >= 0.001) return value === 0 ? "0" : String(Number(value.toPrecision(3)));
  const [mantissa, exponent] = value.toExponential(1).split("e") as [string, string];
  return `${mantissa}e${exponent.replace("-", "\u2212")}`;
}
