// Names in actions and states against what the dataset has. What it does not have is dropped, and said
// in one sentence; the rest is kept.

import type { Columns } from "../data/columns";
import type { GeneIndex } from "../data/genes";
import { type ColumnKey, obsKey, parseKey, scatterGenes, scatterName } from "../data/keys";
import type { Action } from "./actions";
import { oneEach } from "./filters";
import { everyLeaf, leavesOf } from "./selecting";
import type { ColorBy, Filter, Panel, Scatter, SetSource, ViewState } from "./state";
import type { DatasetInfo, ObsColumnInfo } from "./store";

export interface Known {
  dataset: DatasetInfo;
  /** As the dataset spells it; undefined when there is no such gene; null when that is not known yet. */
  gene(symbol: string): string | undefined | null;
  /** The categories of a column, as far as they are known. */
  categories(key: ColumnKey): string[] | undefined;
}

export function knownOf(dataset: DatasetInfo, genes: GeneIndex, columns: Columns): Known {
  return {
    dataset,
    gene: (symbol) => (genes.ready ? genes.lookup(symbol) : null),
    categories: (key) => {
      const column = columns.get(key);
      const info = dataset.obs.find((entry) => entry.name === parseKey(key).name);
      return column?.kind === "categorical" ? column.categories : info?.categories;
    },
  };
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
    case "region": {
      const { value, problems } = checkPlace(action.embedding, known);
      return { value: value === null ? null : { ...action, embedding: value }, problems };
    }
    case "setScatter": {
      const { value, problems } = checkAxis(action.gene, known);
      return { value: problems.length > 0 ? null : { ...action, gene: value }, problems };
    }
    case "setPanels": {
      const { value, problems } = checkPanels(action.panels, known);
      return { value: { ...action, panels: value }, problems };
    }
    case "setPanel": {
      const { value, problems } = checkPanel(action.changes, known);
      return { value: { ...action, changes: value }, problems };
    }
    case "toggleCategory":
    case "onlyCategory":
    case "toggleAllCategories":
      return say(columnProblem(action.column, ["categorical", "boolean"], known));
    case "setRange":
    case "setColorRange": {
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
  if (state.scatter) {
    const [x, y] = [checkAxis(state.scatter.x, known), checkAxis(state.scatter.y, known)];
    problems.push(...x.problems, ...y.problems);
    value.scatter = { x: x.value, y: y.value };
  }
  if (state.colorRanges) {
    // Nobody misses the range of a column that is gone; colors of labels that are gone wait for their labels.
    value.colorRanges = state.colorRanges.flatMap((range) => {
      const source = checkSource(range.source, known).value;
      return source ? [{ ...range, source }] : [];
    });
  }
  if (state.panels) {
    const panels = checkPanels(state.panels, known);
    problems.push(...panels.problems);
    value.panels = panels.value;
  }
  if (state.subset) {
    const levels = state.subset.map((level) => checkFilters(level, known));
    problems.push(...levels.flatMap((level) => level.problems));
    value.subset = levels.map((level) => level.value).filter((level) => level.length > 0);
  }
  if (state.selections) {
    const checked = state.selections.map(({ name, filters }) => ({ name, ...checkFilters(filters, known) }));
    problems.push(...checked.flatMap((selection) => selection.problems));
    const kept = checked.map(({ name, value: filters }) => ({ name, filters }));
    value.selections = kept.filter(({ filters }) => filters.length > 0);
  }
  if (state.hoverColumns) {
    const columns = state.hoverColumns.map((by) => checkColor(by, known).value);
    value.hoverColumns = columns.filter((by) => by !== null);
  }
  // Lists that were open, of columns that are gone: nobody misses them.
  if (state.expanded) value.expanded = state.expanded.filter((name) => column(name, known));
  return { value, problems };
}

/** Whether an action names genes, and so has to wait for their names. */
export function namesGenes(action: Action): boolean {
  const gene = (by: ColorBy | null | undefined) => by?.kind === "gene" || by?.kind === "set";
  const inFilter = (f: Filter) =>
    (f.kind === "range" && gene(f.source)) || (f.kind === "region" && scatterGenes(f.embedding) !== null);
  const inFilters = (filters: Filter[] = []) => leavesOf(filters).some(inFilter);
  const inPanels = (panels: Partial<Panel>[] = []) => panels.some(({ color }) => gene(color));
  const inScatter = (scatter?: Scatter) => typeof (scatter?.x ?? scatter?.y) === "string";
  switch (action.type) {
    case "colorBy":
      return gene(action.color);
    case "setRange":
    case "setColorRange":
      return gene(action.source);
    case "addGenes":
      return action.genes.length > 0;
    case "region":
      return scatterGenes(action.embedding) !== null;
    case "setScatter":
      return action.gene !== null;
    case "setPanels":
      return inPanels(action.panels);
    case "setPanel":
      return inPanels([action.changes]);
    case "setFilters":
      return inFilters(action.filters);
    case "setState":
      return (
        gene(action.state.color) ||
        everyLeaf(action.state).some(inFilter) ||
        (action.state.hoverColumns ?? []).some(gene) ||
        (action.state.colorRanges ?? []).some(({ source }) => gene(source)) ||
        inPanels(action.state.panels) ||
        inScatter(action.state.scatter) ||
        (action.state.genes ?? []).length > 0
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
  if (by.kind === "set") return checkSet(by, known);
  const problem = columnProblem(by.name, kinds, known);
  return { value: problem ? null : by, problems: problem ? [problem] : [] };
}

/** A set goes on without the genes that are not here; without any there is nothing to show. */
function checkSet(by: SetSource, known: Known): Checked<ColorBy | null> {
  const { value: genes, problems } = checkGenes(by.genes, known);
  if (genes.length === by.genes.length) return { value: by, problems };
  if (genes.length > 0) return { value: { ...by, genes }, problems };
  return { value: null, problems: [`The gene set "${by.name}" has no gene of this dataset.`] };
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
  if (filter.kind === "region") {
    const { value, problems } = checkPlace(filter.embedding, known);
    return { value: value === null ? null : { ...filter, embedding: value }, problems };
  }
  if (filter.kind === "group") {
    const inner = filter.filters.map((each) => checkFilter(each, known));
    const kept = inner.flatMap(({ value }) => (value ? [value] : []));
    const problems = inner.flatMap((each) => each.problems);
    const gone = kept.length === 0 && filter.filters.length > 0;
    return { value: gone ? null : problems.length > 0 ? { ...filter, filters: kept } : filter, problems };
  }
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

/** Where a region was drawn: an embedding, or two genes against each other. */
function checkPlace(name: string, known: Known): Checked<string | null> {
  const genes = scatterGenes(name);
  if (!genes) {
    const problem = missingEmbedding(name, known);
    return { value: problem ? null : name, problems: problem ? [problem] : [] };
  }
  const [x, y] = [checkAxis(genes[0], known), checkAxis(genes[1], known)];
  const found = x.value !== null && y.value !== null;
  return {
    value: found ? scatterName(x.value!, y.value!) : null,
    problems: [...new Set([...x.problems, ...y.problems])],
  };
}

function checkAxis(gene: string | null, known: Known): Checked<string | null> {
  if (gene === null) return { value: null, problems: [] };
  const { value, problems } = checkGenes([gene], known);
  return { value: value[0] ?? null, problems };
}

function checkPanels(panels: Panel[], known: Known): Checked<Panel[]> {
  const checked = panels.map((panel) => checkPanel(panel, known));
  return {
    value: checked.map(({ value }, i) => ({ ...panels[i]!, ...value })),
    problems: [...new Set(checked.flatMap(({ problems }) => problems))],
  };
}

/** What a panel names and the dataset does not have falls back to what the view shows. */
function checkPanel(panel: Partial<Panel>, known: Known): Checked<Partial<Panel>> {
  const value = { ...panel };
  const problems: string[] = [];
  const embedding = panel.embedding ? missingEmbedding(panel.embedding, known) : null;
  if (embedding) {
    problems.push(embedding);
    value.embedding = null;
  }
  if (panel.color) {
    const color = checkColor(panel.color, known);
    problems.push(...color.problems);
    value.color = color.value;
  }
  const column = panel.only ? columnProblem(panel.only.column, ["categorical", "boolean"], known) : null;
  if (column) {
    problems.push(column);
    value.only = null;
  }
  return { value, problems };
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
