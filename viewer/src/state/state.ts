// The one view state (decision 7): what the viewer shows, as one small JSON document.
// The URL fragment, the widget's traits, undo/redo and share links carry exactly this. Arrays never
// live here: a set of cells is a *filter* that describes it, or the key of a bitset kept in data/.

export const STATE_VERSION = 1;

/** What colours the points. */
export type ColorBy = { kind: "obs"; name: string } | { kind: "gene"; name: string };

/** Where the numbers of a range filter come from. */
export type Source = ColorBy;

export type Point = readonly [x: number, y: number];

/** One drag of the lasso or rectangle tool, in the embedding's normalised [0, 1] coordinates. */
export interface RegionStep {
  mode: "replace" | "add" | "subtract";
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
  | { kind: "cells"; key: string; label: string; count: number }; // a bitset held by data/cells.ts

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
  genes: string[]; // the gene rows, newest first
  expanded: string[]; // names of obs columns whose category list is open
  tool: Tool;
  camera: Camera; // not part of undo
  cells: Sidebar; // left
  genesPanel: Sidebar; // right
  dock: Dock;
  theme: "auto" | "light" | "dark";
  palette: "viridis" | "magma" | "cividis" | "cool" | "rdbu"; // of numbers
}
