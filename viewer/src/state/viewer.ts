// The viewer as one object: what the UI gets through React context, and what the bridge drives.

import type { Client } from "../api/client";
import type { PageConfig, TableDoc } from "../api/types";
import type { Columns } from "../data/columns";
import type { GeneIndex } from "../data/genes";
import type { ColumnKey } from "../data/keys";
import type { Action } from "./actions";
import type { Annotations } from "./annotations";
import type { Comparisons } from "./comparisonRuns";
import type { Counts } from "./counts";
import { Runtime } from "./effects";
import type { FactsDoc } from "./facts";
import type { Beside } from "./history";
import type { Images } from "./images";
import type { Neighbors } from "./neighbors";
import type { SavedViews } from "./savedViews";
import type { Sets } from "./sets";
import type { Sharing } from "./sharing";
import type { ViewState } from "./state";
import type { AppStore, Progress } from "./store";

export type { Columns } from "../data/columns";
export type { GeneIndex } from "../data/genes";
export type { ColumnKey } from "../data/keys";
export type {
  CategoricalColumn,
  Codes,
  ContinuousColumn,
  EmbeddingColumn,
  LoadedColumn,
} from "../data/values";
export type { Comparisons, Results, RunState, Sizes } from "./comparisonRuns";
export type { CategoryCounts, Counts, HistogramCounts } from "./counts";
export type { FactsDoc } from "./facts";
export type { SavedViewDoc, SavedViews } from "./savedViews";
export { type LinkDoc, loopback, type Sharing } from "./sharing";
export type {
  AppState,
  AppStore,
  ColumnStatus,
  DatasetInfo,
  Notice,
  ObsColumnInfo,
  Progress,
  TissueImage,
} from "./store";

/** The page around the viewer, when there is one that can do more than the viewer itself. */
export interface Host {
  /** Loads the viewer's page again, with a fresh capability and the state it has now. */
  reload(): void;
}

export interface Viewer {
  /** What this page is of, for what leaves it. */
  readonly page: { id: string; version: string };
  store: AppStore; // the UI reads with useStore(viewer.store, selector)
  /** Applies an action, for undo to take back unless `asStep` is false; the only way to change the view. */
  do(action: Action, asStep?: boolean): void;
  /** Transient state while a brush or lasso is dragged: shown, but not in the history. null ends it. */
  preview(action: Action | null): void;
  undo(): void;
  redo(): void;
  columns: Columns;
  counts: Counts;
  /** Names of these cells (positions), for hover; loaded on the first call. */
  names(cells: number[]): Promise<string[]>;
  genes: GeneIndex;
  /** What lies beneath embeddings of places in a tissue. */
  images: Images;
  /** The user's gene sets: `store.getState().sets.list`, and what can be done with them. */
  sets: Sets;
  /** Cells next to the selected ones, by the graphs of obsp. */
  neighbors: Neighbors;
  /** What the dataset says of itself in uns, and when it was published. */
  facts(): Promise<FactsDoc>;
  /** Results of comparisons. */
  comparisons: Comparisons;
  /** A change that was just made beside the view, for undo and redo to take back and make again. */
  record(beside: Beside, changes?: Partial<ViewState>): void;
  /** While a component shows a column that the view does not name: keeps it, and counts its values. */
  watch(key: ColumnKey): () => void;
  /** What a figure is drawn of: the server sums up (docs/api.md, figures). */
  figure(question: object, signal: AbortSignal): Promise<TableDoc>;
  /** The user's annotations; null where nobody may write. Their state is `store.getState().annotations`. */
  readonly annotations: Annotations | null;
  /** Links to this view; null where it cannot be shared. */
  sharing: Sharing | null;
  /** The views that the user has saved; null where that cannot be. */
  views: SavedViews | null;
  /** The address of this page, with what it shows now; null where nobody else could open it. */
  address(): string | null;
  /** Asks again for a column that failed. */
  retry(key: ColumnKey): void;
  dismiss(notice: number): void;
  /** Keeps a set of cells (bit i = cell i) under a key that a "cells" filter can name. */
  keepCells(key: string, bits: Uint8Array): void;
  /** The set of cells that was kept under a key. */
  cells(key: string): Uint8Array | undefined;
  setProgress(progress: Progress): void;
  /** Says one sentence to the user, and more as a list. */
  notify(message: string, details?: string[]): void;
  /** The view without the preview. */
  committed(): ViewState;
  /**
   * Resolves when all actions so far are applied and counted: with true when the selection is what the
   * filters say, with false when one of them could not be applied.
   */
  settled(): Promise<boolean>;
  /** Loads the page again, with a fresh capability and the state it has now. */
  reload(): void;
  /** Stops the server opening the file that is not there yet. */
  cancelOpening(): void;
  dispose(): void;
}

export interface ViewerOptions {
  client?: Client;
  host?: Host;
}

export function createViewer(config: PageConfig, options: ViewerOptions = {}): Viewer {
  return new Runtime(config, options);
}
