// What the figures tab shows: which figure, of which genes and cells, and how it is printed.

export const FIGURE_KINDS = [
  "dot",
  "matrix",
  "stacked",
  "violin",
  "heat",
  "composition",
  "sankey",
  "grid",
  "embedding",
] as const;
export type FigureKind = (typeof FIGURE_KINDS)[number];

/** panel: those of the genes panel; sets: of gene sets, by name, under brackets; list: these. */
export type FigureGenes =
  | { from: "panel" }
  | { from: "sets"; names: string[] }
  | { from: "list"; genes: string[] };

/** Stands for "the selection and the rest" where a column is chosen. No column is called so: it has a tab. */
export const SELECTION = "\tselection";

export interface Figure {
  kind: FigureKind;
  genes: FigureGenes;
  columns: string[]; // numeric columns beside the genes
  by: string | null; // null = the column that colors the cells, else the first of categories
  split: string | null; // a second column; null = none
  bars?: string[]; // of a heat map, under that of the groups; views of earlier versions have none
  cells: "all" | "selected"; // all: of the subset, if there is one
  layer: string; // "X", "raw" or a layer's name
  cutoff: number; // a cell expresses a gene above it
  scale: "none" | "feature" | "group"; // each stretched from 0 to 1
  share: boolean; // bars of fractions instead of numbers of cells
  order: "given" | "similar"; // of groups and features
  swap: boolean; // genes down instead of across
  // in print
  width: number | null; // millimeters; null = what the content asks for
  height: number | null;
  unit: "mm" | "in"; // in which sizes are typed
  font: number; // points
  dpi: number;
  clear: boolean; // no background
  caption: boolean; // says what is shown, and of what data
}

export type FigureAction = { type: "setFigure"; changes: Partial<Figure> };

export const FIGURE: Figure = {
  kind: "dot",
  genes: { from: "panel" },
  columns: [],
  by: null,
  split: null,
  bars: [],
  cells: "all",
  layer: "X",
  cutoff: 0,
  scale: "none",
  share: true,
  order: "given",
  swap: false,
  width: null,
  height: null,
  unit: "mm",
  font: 8,
  dpi: 300,
  clear: false,
  caption: true,
};

export const SIZES = { least: 20, most: 1000 } as const; // millimeters
export const MAX_BARS = 4; // beneath that of the groups
export const FONTS = { least: 4, most: 24 } as const; // points
export const DPIS = { least: 72, most: 1200 } as const;

const text = (v: unknown): v is string => typeof v === "string";
const texts = (v: unknown): v is string[] => Array.isArray(v) && v.every(text);
const flag = (v: unknown): v is boolean => typeof v === "boolean";
const number = (v: unknown): v is number => typeof v === "number" && Number.isFinite(v);
const among =
  (...allowed: readonly unknown[]) =>
  (v: unknown): boolean =>
    allowed.includes(v);
const within =
  ({ least, most }: { least: number; most: number }) =>
  (v: unknown): boolean =>
    number(v) && v >= least && v <= most;
const orNull =
  (check: (v: unknown) => boolean) =>
  (v: unknown): boolean =>
    v === null || check(v);

function genes(v: unknown): boolean {
  const given = v as { from?: unknown; names?: unknown; genes?: unknown } | null;
  if (given?.from === "sets") return texts(given.names);
  return given?.from === "panel" || (given?.from === "list" && texts(given.genes));
}

const CHECKS: Record<keyof Figure, (value: unknown) => boolean> = {
  kind: among(...FIGURE_KINDS),
  genes,
  columns: texts,
  by: orNull(text),
  split: orNull(text),
  bars: (v) => v === undefined || (texts(v) && v.length <= MAX_BARS),
  cells: among("all", "selected"),
  layer: text,
  cutoff: number,
  scale: among("none", "feature", "group"),
  share: flag,
  order: among("given", "similar"),
  swap: flag,
  width: orNull(within(SIZES)),
  height: orNull(within(SIZES)),
  unit: among("mm", "in"),
  font: within(FONTS),
  dpi: within(DPIS),
  clear: flag,
  caption: flag,
};

/** Settings of a figure from outside, all or some; nothing else may be among them. */
export function validChanges(value: unknown): value is Partial<Figure> {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return false;
  return Object.entries(value).every(
    ([key, given]) => Object.hasOwn(CHECKS, key) && CHECKS[key as keyof Figure](given),
  );
}

/** All settings, as a saved view has them. */
export const validFigure = (value: unknown): value is Figure =>
  validChanges(value) && Object.keys(CHECKS).every((key) => key === "bars" || Object.hasOwn(value, key));
