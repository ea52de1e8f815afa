// The store's shape: small and serialisable. Typed arrays never enter it, only their keys and versions.

import { createStore, type StoreApi } from "zustand/vanilla";
import type { ColumnKey } from "../data/keys";
import type { ViewState } from "./state";

/** Publishing or indexing, as the status bar shows it; null when all is done. */
export type Progress = { label: string; fraction: number } | null;

export type ColumnStatus = "loading" | "ready" | { error: string; code: string };

export interface ObsColumnInfo {
  name: string;
  kind: "categorical" | "boolean" | "continuous" | "string";
  categories?: string[]; // numeric categories are known only once the column is loaded
}

export interface DatasetInfo {
  title: string;
  nObs: number;
  nVar: number;
  obs: ObsColumnInfo[]; // without the index
  obsIndex: string; // the column that holds the cells' names
  varIndex: string; // the var column that holds the genes' names
  embeddings: string[];
  defaultEmbedding: string | null;
  defaultColor: string | null; // an obs column
  leftOut: { where: string; reason: string }[];
  missing: Record<string, number>; // embedding → cells without a place in it
  customColors: Record<string, Record<string, string>>; // column → category → "#rrggbb"
}

export interface Tally {
  total: number; // cells in all
  drawn: number; // with a place in this embedding
  selected: number; // passing all filters
}

export interface Notice {
  id: number;
  message: string;
}

/** Nothing can be shown. */
export interface Fatal {
  title: string;
  message: string;
  final?: boolean; // loading the page again would not help
  action?: string; // what loading it again is called
}

export interface AppState {
  view: ViewState; // what is shown: the committed view with the preview applied
  canUndo: boolean;
  canRedo: boolean;
  dataset: DatasetInfo | null;
  columns: Record<ColumnKey, ColumnStatus>;
  tally: Tally;
  version: { counts: number; points: number }; // bumped when viewer.counts / the points' state changed
  progress: Progress;
  server: "online" | "unreachable" | "expired";
  link: { expires: string } | null; // by what link the viewer was opened
  opening: (NonNullable<Progress> & { title: string }) | null; // the file that is not there yet
  fatal: Fatal | null;
  notices: Notice[];
}

export type AppStore = StoreApi<AppState>;

export function createAppStore(view: ViewState): AppStore {
  return createStore<AppState>(() => ({
    view,
    canUndo: false,
    canRedo: false,
    dataset: null,
    columns: {},
    tally: { total: 0, drawn: 0, selected: 0 },
    version: { counts: 0, points: 0 },
    progress: null,
    server: "online",
    link: null,
    opening: null,
    fatal: null,
    notices: [],
  }));
}
