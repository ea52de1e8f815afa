// The whole protocol between the notebook page (widget-end.ts) and the viewer (viewer-end.ts).
// The viewer's origin is opaque, so the frame says hello by window.postMessage; the host answers with
// a MessagePort and from then on only the port is used. Unknown messages are ignored by both ends,
// and each end ignores its own echo.

import type { Action } from "../state/actions";
import type { GeneSet, LabelColorsOfColumn, ViewState } from "../state/state";

export const PROTOCOL = 1;

export type FrameHello = { cxg: "hello"; protocol: number };
export type HostWelcome = { cxg: "welcome"; protocol: number; theme: Theme; state: Partial<ViewState> };

export type Theme = "light" | "dark" | null; // null: the host does not say

/** Publishing or indexing, as the status bar shows it; null when all is done. */
export type Progress = { label: string; fraction: number } | null;

export interface AnnotationMessage {
  name: string;
  categories: string[];
  width: 1 | 2 | 4;
  codes: ArrayBuffer;
  revision: number; // of the dataset: a later one may have other cells
}

export type FromViewer =
  | { type: "ready" } // the first picture is on the screen
  | { type: "state"; state: ViewState }
  // packed bitset, bit i (little-endian within a byte) = cell i is selected; null = no filter, all cells
  | { type: "selection"; bits: ArrayBuffer | null; count: number }
  | { type: "picture"; png: ArrayBuffer; width: number; height: number } // CSS size; pixels are 2 ×
  | { type: "geneSets"; sets: GeneSet[] } // all of the user's, as they are now
  // all annotations of the user, as they are now; codes are little-endian integers of `width` bytes, -1 = no label
  | { type: "annotations"; columns: AnnotationMessage[] }
  // of the columns in which somebody has chosen colors, as they are now
  | { type: "labelColors"; columns: LabelColorsOfColumn[] }
  | { type: "done"; seq: number } // actions up to this number have been applied
  | { type: "expired" } // the capability is gone: reload the frame
  | { type: "error"; message: string }; // e.g. an action from Python that names an unknown gene

export type ToViewer =
  | { type: "setState"; state: Partial<ViewState> } // another view of the same widget changed
  | { type: "actions"; seq: number; actions: Action[] } // from Python
  | { type: "cells"; key: string; bits: ArrayBuffer } // a selection made in Python
  | { type: "theme"; theme: Theme }
  | { type: "progress"; progress: Progress }
  | { type: "revision"; revision: number }; // the dataset was published again
