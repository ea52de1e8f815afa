// The viewer as one object: what the UI gets through React context, and what the bridge drives.

import type { Client } from "../api/client";
import type { PageConfig } from "../api/types";
import type { Columns } from "../data/columns";
import type { GeneIndex } from "../data/genes";
import type { ColumnKey } from "../data/keys";
import type { Action } from "./actions";
import type { Counts } from "./counts";
import { Runtime } from "./effects";
import type { Sharing } from "./sharing";
import type { ViewState } from "./state";
import type { AppStore, Progress } from "./store";

export type { Columns } from "../data/columns";
export type { GeneIndex } from "../data/genes";
export type { ColumnKey } from "../data/keys";
export type { CategoricalColumn, ContinuousColumn, EmbeddingColumn, LoadedColumn } from "../data/values";
export type { CategoryCounts, Counts, HistogramCounts } from "./counts";
export { type LinkDoc, loopback, type Sharing } from "./sharing";
export type { AppState, AppStore, ColumnStatus, DatasetInfo, Notice, ObsColumnInfo, Progress } from "./store";

/** The page around the viewer, when there is one that can do more than the viewer itself. */
export interface Host {
  /** Loads the viewer's page again, with a fresh capability and the state it has now. */
  reload(): void;
}

export interface Viewer {
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
  /** Links to this view; null where it cannot be shared. */
  sharing: Sharing | null;
  /** Asks again for a column that failed. */
  retry(key: ColumnKey): void;
  dismiss(notice: number): void;
  /** Keeps a set of cells (bit i = cell i) under a key that a "cells" filter can name. */
  keepCells(key: string, bits: Uint8Array): void;
  setProgress(progress: Progress): void;
  /** Says one sentence to the user. */
  notify(message: string): void;
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
