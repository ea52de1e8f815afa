// The one view state (decision 7): what the viewer shows, as one small JSON document.
// The URL fragment, the widget's traits, undo/redo and share links carry exactly this. Arrays never
// live here: a set of cells is a *filter* that describes it, or the key of a bitset kept in data/.

import type { Comparing, Comparison, Groups } from "./comparing";
import type { Figure } from "./figure";

export const STATE_VERSION = 1;

/** How a gene set becomes one number per cell. */
export type SetMethod = "mean" | "score_genes";

/** A gene set as what colours or filters: with its genes, so that a link shows it to whoever lacks the set. */
export interface SetSource {
  kind: "set";
  name: string;
  method: SetMethod;
  genes: string[];
}

export interface GeneSet {
  name: string;
  description: string;
  genes: string[]; // in order
  about: Record<string, string>; // gene → what was noted about it, where something was
}

/** What of the gene sets is not on the server: because it is away, or because this user may not write. */
export interface SetDrafts {
  tid: number; // of the save that they change
  sets: GeneSet[]; // new and changed ones
  gone: string[]; // names of deleted ones
}

/** What colours the points. Of another layer than X a gene colours figures alone. */
export type ColorBy =
  | { kind: "obs"; name: string }
  | { kind: "gene"; name: string; layer?: string }
  | SetSource;

/** Where the numbers of a range filter come from. */
export type Source = ColorBy;

export type Point = readonly [x: number, y: number];

/** One drag of the lasso or rectangle tool, in the embedding's normalised [0, 1] coordinates. */
export interface RegionStep {
  mode: "replace" | "add" | "subtract" | "intersect";
  shape: "lasso" | "rectangle";
  points: Point[]; // rectangle: two opposite corners
}

/** A *description* of a selection. The selected cells are those that pass every filter (AND). */
export type Filter =
  | {
      kind: "categories";
      column: string;
      // "include": only these pass; "exclude": all but these pass. null stands for missing values.
      mode: "include" | "exclude";
      values: (string | null)[];
    }
  | { kind: "range"; source: Source; min: number; max: number } // inclusive; NaN never passes
  | { kind: "region"; embedding: string; steps: RegionStep[] }
  | { kind: "cells"; key: string; label: string; count: number } // a bitset held by data/cells.ts
  | FilterGroup;

/** Several filters as one: cells that pass all or any of them, or with `not` the others. */
export interface FilterGroup {
  kind: "group";
  op: "all" | "any";
  not: boolean;
  filters: Filter[];
  name?: string; // of the named selection that it came from
}

/** Filters under a name, to come back to. */
export interface NamedSelection {
  name: string;
  filters: Filter[];
}

export type Tool = "lasso" | "rectangle" | "pan";

export interface Camera {
  x: number; // centre, in normalised coordinates
  y: number;
  zoom: number; // 1 = the whole embedding fits
}

export interface Sidebar {
  open: boolean; // at compact sizes: whether its drawer is open
  width: number; // CSS pixels
}

/** Two genes against each other; drawn once both are chosen. */
export interface Scatter {
  x: string | null;
  y: string | null;
}

/** A plot beside the first one, which is the view itself. */
export interface Panel {
  embedding: string | null; // null = that of the view
  color: ColorBy | null; // null = that of the view
  only: { column: string; value: string | null } | null; // the one category whose cells it shows
}

/** The tissue image beneath an embedding that has one. */
export interface ImageLook {
  shown: boolean;
  opacity: number; // 0–1
  name: string | null; // null = the first
}

/** Colors that somebody has chosen: column → label → "#rrggbb". */
export type LabelColors = Readonly<Record<string, Readonly<Record<string, string>>>>;

/** The values at the ends of the color map, for one source; null = the end of the data. */
export interface ColorRange {
  source: Source;
  min: number | null;
  max: number | null;
}

export type DockTab = "compare" | "figures" | "annotations";

/** The panel under the plot: results of comparisons, figures, the history of annotations. */
export interface Dock {
  tab: DockTab | null; // null = closed
  height: number; // CSS pixels
}

export interface ViewState {
  version: typeof STATE_VERSION;
  revision: number; // of the dataset that this view was made on
  embedding: string | null; // null = the dataset's default
  color: ColorBy | null;
  filters: Filter[];
  subset: Filter[][]; // each keeps, of the cells that the ones before keep, those that pass all its filters
  selections: NamedSelection[]; // oldest first
  clip: readonly [low: number, high: number]; // percentiles of each number; what lies outside is missing
  centroids: boolean; // the names of the categories stand in the plot
  hoverColumns: ColorBy[]; // what the card of a cell says beside its name and color
  genes: string[]; // the gene rows, newest first
  drafts: SetDrafts | null; // so that they outlive a reload
  expanded: string[]; // names of obs columns whose category list is open
  tool: Tool;
  camera: Camera; // not part of undo
  scatter: Scatter;
  panels: Panel[]; // beside the first
  panelCameras: Camera[]; // of these; one that is not there is at home
  linkedCamera: boolean; // panels of one embedding move together
  pointSize: number; // × the size that suits the number of points
  opacity: number; // of points, 0–1
  image: ImageLook;
  cells: Sidebar; // left
  genesPanel: Sidebar; // right
  groups: Groups; // to be compared
  comparisons: Comparison[]; // newest first
  comparing: Comparing; // how, and what the dock shows
  dock: Dock;
  figure: Figure; // of the dock's tab
  theme: "auto" | "light" | "dark";
  palette: "viridis" | "magma" | "cividis" | "cool" | "rdbu"; // of numbers
  reversed: boolean; // the palette the other way round
  colorRanges: ColorRange[]; // oldest first; all other sources span their data
  labelColors: LabelColors; // only those that differ from the dataset's
}

/** The colors of one column's labels, as the kernel gets them. */
export interface LabelColorsOfColumn {
  name: string;
  labels: string[]; // in the viewer's order
  colors: string[]; // "#rrggbb" of each
  plain: string[]; // what scanpy gives as many labels by itself
}
