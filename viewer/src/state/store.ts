// The store's shape: small and serialisable. Typed arrays never enter it, only their keys and versions.

import { createStore, type StoreApi } from "zustand/vanilla";
import type { ColumnType } from "../api/types";
import type { ColumnKey } from "../data/keys";
import { type AnnotationsState, NO_ANNOTATIONS } from "./annotations";
import type { RunState } from "./comparisonRuns";
import type { SetConflict } from "./geneSets";
import type { GeneSet, ViewState } from "./state";

/** Publishing or indexing, as the status bar shows it; null when all is done. */
export type Progress = { label: string; fraction: number } | null;

export type ColumnStatus = "loading" | "ready" | { error: string; code: string };

export interface ObsColumnInfo {
  name: string;
  kind: "categorical" | "boolean" | "continuous" | "string";
  categories?: string[]; // numeric categories are known only once the column is loaded
  writable?: boolean; // an annotation of the user
}

/** A picture beneath an embedding, in normalised coordinates, y upwards. */
export interface TissueImage {
  name: string;
  box: { left: number; bottom: number; right: number; top: number };
  spot: number | null; // diameter of the cells' spots
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
  images: Record<string, TissueImage[]>; // embedding → what lies beneath it
  engine: string; // what the server is, and its version
  about: string | null; // an address
  layers: string[]; // what expression there is: "X", "raw", layers
  varColumns: { name: string; type: ColumnType }[]; // without the index
  annotating: boolean; // whether who is here may make annotations
  savesGeneSets: boolean; // on the server; else they live in the page
  maxCategories: number; // of a column that are listed at once
  customColors: Record<string, Record<string, string>>; // column → category → "#rrggbb"
}

export interface Tally {
  total: number; // cells in all
  inside: number; // in the subset; all when there is none
  drawn: number; // with a place in this embedding
  selected: number; // passing all filters
}

export interface Notice {
  id: number;
  message: string;
  details?: string[] | undefined; // more sentences, as a list
}

/** Nothing can be shown. */
export interface Fatal {
  title: string;
  message: string;
  final?: boolean; // loading the page again would not help
  action?: string; // what loading it again is called
}

export interface SetsState {
  list: GeneSet[]; // in order
  /** stored: as read; saved: since something was changed; waiting: for the server; session: in this page only. */
  status: "loading" | "stored" | "saving" | "saved" | "waiting" | "session" | { error: string };
  conflicts: SetConflict[];
  leftOut: Record<string, string[]>; // set → what was typed for it and is no gene of this dataset
}

export interface AppState {
  view: ViewState; // what is shown: the committed view with the preview applied
  canUndo: boolean;
  canRedo: boolean;
  dataset: DatasetInfo | null;
  columns: Record<ColumnKey, ColumnStatus>;
  images: Record<string, "loading" | "ready" | { error: string }>; // tissue images that were asked for
  tally: Tally;
  // bumped when viewer.counts / the points' state / values of a column have changed
  version: { counts: number; points: number; edits: number };
  progress: Progress;
  server: "online" | "unreachable" | "expired";
  link: { expires: string } | null; // by what link the viewer was opened
  opening: (NonNullable<Progress> & { title: string }) | null; // the file that is not there yet
  sets: SetsState;
  annotations: AnnotationsState;
  runs: Record<string, RunState>; // of comparisons, by contentOf
  awaitsGenes: string | null; // what was asked for and waits for the genes' names
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
    images: {},
    tally: { total: 0, inside: 0, drawn: 0, selected: 0 },
    version: { counts: 0, points: 0, edits: 0 },
    progress: null,
    server: "online",
    link: null,
    opening: null,
    runs: {},
    sets: { list: [], status: "loading", conflicts: [], leftOut: {} },
    annotations: NO_ANNOTATIONS,
    awaitsGenes: null,
    fatal: null,
    notices: [],
  }));
}
