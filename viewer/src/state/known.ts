// Names in actions and states against what the dataset has. What it does not have is dropped, and said
// in one sentence; the rest is kept.

import { type ColumnKey, obsKey } from "../data/keys";
import type { Action } from "./actions";
import { oneEach } from "./filters";
import type { ColorBy, Filter, ViewState } from "./state";
import type { DatasetInfo, ObsColumnInfo } from "./store";

export interface Known {
  dataset: DatasetInfo;
  /** As the dataset spells it; undefined when there is no such gene; null when that is not known yet. */
  gene(symbol: string): string | undefined | null;
  /** The categories of a column, as far as they are known. */
  categories(key: ColumnKey): string[] | undefined;
}

export interface Checked<T> {
  value: T;
  problems: string[];
}

/** The action with unknown names dropped; null when nothing is left of it. */
export function checkAction(action: Action, known: Known): Checked<Action | null> {
  const say = (problem: string | null, value: Action | null = null) => ({
    value: problem ? value : action,
    problems: problem ? [problem] : [],
  });
  switch (action.type) {
    case "colorBy": {
      if (!action.color) return say(null);
      const { value, problems } = checkColor(action.color, known);
      return { value: value && { ...action, color: value }, problems };
    }
    case "setEmbedding":
      return say(missingEmbedding(action.embedding, known));
    case "region":
      return say(missingEmbedding(action.embedding, known));
    case "toggleCategory":
    case "onlyCategory":
    case "toggleAllCategories":
      return say(columnProblem(action.column, ["categorical", "boolean"], known));
    case "setRange": {
      const { value, problems } = checkSource(action.source, known);
      return { value: value && { ...action, source: value }, problems };
    }
    case "addGenes": {
      const { value, problems } = checkGenes(action.genes, known);
      return { value: value.length > 0 ? { ...action, genes: value } : null, problems };
    }
    case "setFilters": {
      const { value, problems } = checkFilters(action.filters, known);
      return { value: { ...action, filters: value }, problems };
    }
    case "setState": {
      const { value, problems } = checkState(action.state, known);
      return { value: { ...action, state: value }, problems };
    }
    default:
      return say(null);
  }
}

export function checkState(state: Partial<ViewState>, known: Known): Checked<Partial<ViewState>> {
  const value = { ...state };
  const problems: string[] = [];
  if (state.embedding) {
    const problem = missingEmbedding(state.embedding, known);
    if (problem) {
      problems.push(problem);
      delete value.embedding;
    }
  }
  if (state.color) {
    const color = checkColor(state.color, known);
    problems.push(...color.problems);
    if (color.value) value.color = color.value;
    else delete value.color;
  }
  if (state.filters) {
    const filters = checkFilters(state.filters, known);
    problems.push(...filters.problems);
    value.filters = filters.value;
  }
  if (state.genes) {
    const genes = checkGenes(state.genes, known);
    problems.push(...genes.problems);
    value.genes = genes.value;
  }
  // Lists that were open, of columns that are gone: nobody misses them.
  if (state.expanded) value.expanded = state.expanded.filter((name) => column(name, known));
  return { value, problems };
}

/** Whether an action names genes, and so has to wait for their names. */
export function namesGenes(action: Action): boolean {
  const gene = (by: ColorBy | null | undefined) => by?.kind === "gene";
  const inFilters = (filters: Filter[] = []) => filters.some((f) => f.kind === "range" && gene(f.source));
  switch (action.type) {
    case "colorBy":
      return gene(action.color);
    case "setRange":
      return gene(action.source);
    case "addGenes":
      return action.genes.length > 0;
    case "setFilters":
      return inFilters(action.filters);
    case "setState":
      return (
        gene(action.state.color) || inFilters(action.state.filters) || (action.state.genes ?? []).length > 0
      );
    default:
      return false;
  }
}

function checkGenes(symbols: string[], known: Known): Checked<string[]> {
  const found = symbols.map((symbol) => ({ symbol, gene: known.gene(symbol) }));
  const missing = found.filter(({ gene }) => gene === undefined).map(({ symbol }) => symbol);
  const genes = found.flatMap(({ symbol, gene }) => (gene === undefined ? [] : [gene ?? symbol]));
  return { value: [...new Set(genes)], problems: missing.length > 0 ? [noSuchGenes(missing)] : [] };
}

const MAX_NAMED = 5;

function noSuchGenes(symbols: string[]): string {
  const named = symbols.slice(0, MAX_NAMED).map((symbol) => `"${symbol}"`);
  const more = symbols.length - named.length;
  const list = more > 0 ? `${named.join(", ")} and ${more} more` : named.join(", ");
  return symbols.length === 1
    ? `There is no gene ${list} in this dataset.`
    : `${symbols.length} genes are not in this dataset: ${list}.`;
}

function checkColor(color: ColorBy, known: Known): Checked<ColorBy | null> {
  return checkBy(color, ["categorical", "boolean", "continuous"], known);
}

function checkSource(source: ColorBy, known: Known): Checked<ColorBy | null> {
  return checkBy(source, ["continuous"], known);
}

function checkBy(by: ColorBy, kinds: ObsColumnInfo["kind"][], known: Known): Checked<ColorBy | null> {
  if (by.kind === "gene") {
    const { value, problems } = checkGenes([by.name], known);
    return { value: value[0] === undefined ? null : { kind: "gene", name: value[0] }, problems };
  }
  const problem = columnProblem(by.name, kinds, known);
  return { value: problem ? null : by, problems: problem ? [problem] : [] };
}

function checkFilters(filters: Filter[], known: Known): Checked<Filter[]> {
  const problems: string[] = [];
  const value = filters.flatMap((filter) => {
    const checked = checkFilter(filter, known);
    problems.push(...checked.problems);
    return checked.value ? [checked.value] : [];
  });
  return { value: oneEach(value), problems }; // two names of one gene are one subject
}

function checkFilter(filter: Filter, known: Known): Checked<Filter | null> {
  const drop = (problem: string | null) => ({
    value: problem ? null : filter,
    problems: problem ? [problem] : [],
  });
  if (filter.kind === "region") return drop(missingEmbedding(filter.embedding, known));
  if (filter.kind === "range") {
    const { value, problems } = checkSource(filter.source, known);
    return { value: value && { ...filter, source: value }, problems };
  }
  if (filter.kind === "categories") {
    const problem = columnProblem(filter.column, ["categorical", "boolean"], known);
    if (problem) return drop(problem);
    return checkValues(filter, known.categories(obsKey(filter.column)));
  }
  return drop(null);
}

function checkValues(
  filter: Extract<Filter, { kind: "categories" }>,
  categories: string[] | undefined,
): Checked<Filter | null> {
  const all = categories && new Set(categories);
  const unknown = all ? filter.values.filter((value) => value !== null && !all.has(value)) : [];
  if (unknown.length === 0) return { value: filter, problems: [] };
  const values = filter.values.filter((value) => !unknown.includes(value));
  const names = unknown.slice(0, MAX_NAMED).map((value) => `"${value}"`);
  return {
    // Nothing known is left of it: it would hide every cell, or none.
    value: values.length === 0 ? null : { ...filter, values },
    problems: [`The column "${filter.column}" has no category ${names.join(", ")}.`],
  };
}

function missingEmbedding(name: string, { dataset }: Known): string | null {
  return dataset.embeddings.includes(name) ? null : `There is no embedding "${name}" in this dataset.`;
}

function column(name: string, { dataset }: Known): ObsColumnInfo | undefined {
  return dataset.obs.find((info) => info.name === name);
}

function columnProblem(name: string, kinds: ObsColumnInfo["kind"][], known: Known): string | null {
  const info = column(name, known);
  if (!info) return `There is no column "${name}" in this dataset.`;
  if (kinds.includes(info.kind)) return null;
  const wanted = kinds.includes("continuous") && kinds.length === 1 ? "a numeric column" : "categorical";
  return info.kind === "string"
    ? `The column "${name}" holds free text, which the viewer does not use.`
    : `The column "${name}" is not ${wanted}.`;
}
