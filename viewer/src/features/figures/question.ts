// What a figure asks the server for, and which genes and columns that are.

import { toBase64 } from "../../lib/base64";
import { packBits } from "../../lib/bitset";
import { type Figure, SELECTION } from "../../state/figure";
import type { GeneSet, ViewState } from "../../state/state";
import type { DatasetInfo, ObsColumnInfo } from "../../state/store";

export const SELECTED_NAME = "selected cells";
const SAMPLE = 2000;
const BINS = 64;

export interface Bracket {
  title: string;
  first: string;
  last: string;
}

export interface Chosen {
  genes: string[];
  columns: string[]; // numeric, after the genes
  brackets: Bracket[]; // gene sets over their genes
}

/** The features of a figure; a gene that is in two sets stands in the first. */
export function chosenOf(
  figure: Figure,
  view: ViewState,
  sets: readonly GeneSet[],
  dataset: DatasetInfo,
): Chosen {
  const numeric = new Set(dataset.obs.filter(({ kind }) => kind === "continuous").map(({ name }) => name));
  const columns = figure.columns.filter((name) => numeric.has(name));
  const { genes } = figure;
  if (genes.from === "panel") return { genes: view.genes, columns, brackets: [] };
  if (genes.from === "list") return { genes: [...new Set(genes.genes)], columns, brackets: [] };
  const all: string[] = [];
  const brackets: Bracket[] = [];
  for (const name of genes.names) {
    const mine = sets.find((set) => set.name === name)?.genes ?? [];
    const fresh = [...new Set(mine)].filter((gene) => !all.includes(gene));
    if (fresh.length === 0) continue;
    all.push(...fresh);
    brackets.push({ title: name, first: fresh[0]!, last: fresh.at(-1)! });
  }
  return { genes: all, columns, brackets };
}

const isGrouping = ({ kind }: ObsColumnInfo): boolean => kind === "categorical" || kind === "boolean";

export interface Grouping {
  by: string | null;
  split: string | null;
  bars: string[]; // what else a heat map says of each cell
}

/** The columns that make the groups: what was chosen as long as the dataset has it, else what suits. */
export function groupingOf(figure: Figure, view: ViewState, dataset: DatasetInfo): Grouping {
  const known = (name: string | null): name is string =>
    name === SELECTION || dataset.obs.some((column) => column.name === name && column.kind !== "string");
  const usual = dataset.obs.filter(isGrouping).map(({ name }) => name);
  const { color } = view;
  const colored = color?.kind === "obs" && usual.includes(color.name) ? color.name : null;
  const by = known(figure.by) ? figure.by : (colored ?? usual[0] ?? null);
  if (figure.kind === "heat") {
    return { by, split: null, bars: (figure.bars ?? []).filter((name) => known(name) && name !== by) };
  }
  const split = known(figure.split) && figure.split !== by ? figure.split : null;
  // There is no flow without a second column.
  if (figure.kind === "sankey" && split === null) {
    return { by, split: usual.find((name) => name !== by) ?? null, bars: [] };
  }
  return { by, split, bars: [] };
}

/** Cells as the server takes them. */
export const cellBits = (mask: Uint8Array): { cells: string } => ({ cells: toBase64(packBits(mask)) });

export interface Masks {
  selected: Uint8Array;
  inside: Uint8Array | null;
}

/** The body of the question; null for figures that need none, and while there is nothing to ask for. */
export function questionOf(figure: Figure, chosen: Chosen, grouping: Grouping, masks: Masks): object | null {
  const { kind } = figure;
  if (kind === "grid" || kind === "embedding") return null;
  const asked = (name: string) =>
    name === SELECTION ? { name: SELECTED_NAME, cells: cellBits(masks.selected) } : name;
  const by = [grouping.by, grouping.split].filter((name) => name !== null).map(asked);
  const cells =
    figure.cells === "selected" ? cellBits(masks.selected) : masks.inside ? cellBits(masks.inside) : null;
  if (kind === "composition") return { by, cells };
  if (kind === "sankey") return by.length < 2 ? null : { by, cells };
  if (chosen.genes.length + chosen.columns.length === 0) return null;
  const { layer, cutoff } = figure;
  const whole = { genes: chosen.genes, columns: chosen.columns, by, cells, layer, cutoff };
  if (kind === "heat") return { ...whole, sample: SAMPLE, beside: grouping.bars.map(asked) };
  return kind === "dot" || kind === "matrix" ? whole : { ...whole, quantiles: true, bins: BINS };
}
