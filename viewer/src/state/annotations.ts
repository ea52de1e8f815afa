// What can be done with annotations. Each edit shows at once, can be undone, and is saved behind the user's back.

import type { HistoryDoc, LabelsSavedDoc, TermDoc } from "../api/types";
import type { Labels } from "../data/labels";

export type { HistoryDoc, LabelsSavedDoc, TermDoc } from "../api/types";

/** Why an edit was not made, as one sentence; null: it was. */
export type Refusal = string | null;

/** Two people, or windows, changed the same. What is stored stays until somebody decides. */
export interface AnnotationConflict {
  id: number;
  column: string;
  kind: "cells" | "removed-here" | "removed-there";
  cells: number;
}

export interface AnnotationsState {
  /** off: this user may not write; waiting: the server is away; session: the page is too old to save. */
  status: "off" | "loading" | "saved" | "saving" | "waiting" | { error: string };
  unsaved: number; // edits that the server does not have yet
  saved: number; // how often something stored has changed: lists of it are then old
  conflicts: AnnotationConflict[];
}

export const NO_ANNOTATIONS: AnnotationsState = { status: "off", unsaved: 0, saved: 0, conflicts: [] };

export interface Annotations {
  /** The names of the columns that may be edited, in order. */
  names(): string[];
  labels(column: string): readonly string[];
  values(column: string): Labels | undefined;
  /** How many of the selected cells would get another label; null takes labels away. */
  wouldChange(column: string, label: string | null): number;
  /** A new column: without labels, or with those of any column there is. */
  create(name: string, from?: string): Refusal;
  rename(column: string, to: string): Refusal;
  remove(column: string): void;
  addLabel(column: string, label: string): Refusal;
  /** Labels the selected cells; null takes their labels away. Makes the column and the label if need be. */
  assign(column: string, label: string | null): Refusal;
  /** To a name that is there already: the two become one. */
  renameLabel(column: string, from: string, to: string): Refusal;
  removeLabel(column: string, label: string): void;
  /** What to do about a conflict: leave what is stored, take what was here, or keep that beside it. */
  settle(conflict: number, how: "theirs" | "mine" | "copy"): void;
  retry(): void;
  history(): Promise<HistoryDoc>;
  restore(version: number, seen: number): Promise<void>;
  download(file: "annotations.csv" | "backup"): Promise<Blob>;
  upload(file: Blob, keepOthers: boolean): Promise<LabelsSavedDoc>;
  terms(): Promise<TermDoc[]>;
}
