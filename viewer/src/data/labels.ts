// Annotations as values: what cells are called, column by column. Nothing here is changed in place, so an
// earlier state can be kept for undo, and compared with what the server has.

import type { CategoricalColumn, Codes } from "./values";

export interface Labels {
  readonly categories: readonly string[];
  readonly codes: Codes; // index into `categories`; -1 = no label
}

/** All annotations by name. */
export type Annotated = ReadonlyMap<string, Labels>;

export const NOTHING: Annotated = new Map();

export const noLabels = (n: number): Labels => ({ categories: [], codes: new Int8Array(n).fill(-1) });

/** With these labels in the place of those of the same name. */
export const withColumn = (all: Annotated, name: string, labels: Labels): Annotated =>
  new Map([...all, [name, labels]]);

export function withoutColumn(all: Annotated, name: string): Annotated {
  const others = new Map(all);
  others.delete(name);
  return others;
}

/** The same column under another name, in the same place. */
export const withRenamed = (all: Annotated, from: string, to: string): Annotated =>
  new Map([...all].map(([name, labels]) => [name === from ? to : name, labels]));

export function withLabel(labels: Labels, label: string): Labels {
  if (labels.categories.includes(label)) return labels;
  return sized([...labels.categories, label], labels.codes);
}

/** The marked cells (1 in the mask) get the label, or lose theirs when it is null. */
export function assigned(labels: Labels, label: string | null, mask: Uint8Array): Labels {
  const wide = label === null ? labels : withLabel(labels, label);
  const code = label === null ? -1 : wide.categories.indexOf(label);
  const codes = wide.codes.slice();
  for (let i = 0; i < codes.length; i++) if (mask[i] === 1) codes[i] = code;
  return { categories: wide.categories, codes };
}

/** A label under another name; when that is there already, the two become one. */
export function relabeled(labels: Labels, from: string, to: string): Labels {
  const source = labels.categories.indexOf(from);
  const target = labels.categories.indexOf(to);
  if (source < 0 || source === target) return labels;
  if (target < 0) return { ...labels, categories: labels.categories.with(source, to) };
  return dropped(labels, source, target);
}

/** Without a label: its cells have none then. */
export function withoutLabel(labels: Labels, label: string): Labels {
  const gone = labels.categories.indexOf(label);
  return gone < 0 ? labels : dropped(labels, gone, -1);
}

function dropped({ categories, codes }: Labels, gone: number, target: number): Labels {
  const moved = codes.slice();
  for (let i = 0; i < moved.length; i++) {
    const code = moved[i] === gone ? target : moved[i]!;
    moved[i] = code > gone ? code - 1 : code;
  }
  return { categories: categories.toSpliced(gone, 1), codes: moved };
}

/** How many cells of the mask would change. */
export function changedBy(labels: Labels, label: string | null, mask: Uint8Array): number {
  const code = label === null ? -1 : labels.categories.indexOf(label);
  const none = label !== null && code < 0;
  let count = 0;
  for (let i = 0; i < mask.length; i++) if (mask[i] === 1 && (none || labels.codes[i] !== code)) count++;
  return count;
}

export function sameLabels(a: Labels | undefined, b: Labels | undefined): boolean {
  if (a === b) return true;
  if (!a || !b || a.codes.length !== b.codes.length || a.categories.length !== b.categories.length)
    return false;
  if (a.categories.some((label, i) => label !== b.categories[i])) return false;
  for (let i = 0; i < a.codes.length; i++) if (a.codes[i] !== b.codes[i]) return false;
  return true;
}

export function sameAnnotated(a: Annotated, b: Annotated): boolean {
  return a.size === b.size && [...a].every(([name, labels]) => sameLabels(labels, b.get(name)));
}

/** What must be saved so that `before` becomes `after`. */
export function difference(
  before: Annotated,
  after: Annotated,
): { changed: [name: string, labels: Labels][]; removed: string[] } {
  return {
    changed: [...after].filter(([name, labels]) => !sameLabels(labels, before.get(name))),
    removed: [...before.keys()].filter((name) => !after.has(name)),
  };
}

/** As the plot, the lists and the crossfilter take it. */
export function asColumn({ categories, codes }: Labels): CategoricalColumn {
  let missing = 0;
  for (let i = 0; i < codes.length; i++) if (codes[i]! < 0) missing++;
  return { kind: "categorical", codes, categories: [...categories], missing };
}

/** Codes in as few bytes as that many categories need. */
export function sized(categories: readonly string[], codes: Codes | Int32Array): Labels {
  const most = categories.length - 1;
  const Kind = most <= 0x7f ? Int8Array : most <= 0x7fff ? Int16Array : Int32Array;
  return { categories, codes: codes instanceof Kind ? codes : Kind.from(codes) };
}
