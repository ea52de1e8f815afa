// Whole views from elsewhere: a pasted link, the browser's back and forward, a saved view. What the dataset does
// not have is left out, and said.

import type { Action } from "./actions";
import type { Found } from "./fragment";
import { stepOf } from "./history";
import { initialView } from "./initial";
import { type Checked, checkState, type Known, namesGenes } from "./known";
import { leftOut } from "./leftOut";
import { siftedView } from "./selecting";
import type { ViewState } from "./state";
import type { Validated } from "./validate";

/** What of the viewer this needs. */
export interface Visited {
  view(): ViewState;
  /** null: the dataset is not known yet. */
  known(): Known | null;
  loadGenes(): Promise<unknown>;
  cells: ReadonlyMap<string, Uint8Array>;
  keepCells(key: string, bits: Uint8Array): void;
  do(action: Action): void;
  notify(message: string, details?: string[]): void;
  report(error: unknown): void;
}

export class Visits {
  /** The revision that the view of the page's address was made on. */
  madeOn: number | null = null;

  constructor(private readonly viewer: Visited) {}

  async paste({ state, problems, madeOn }: Found): Promise<void> {
    const { viewer } = this;
    for (const problem of problems) viewer.notify(problem);
    if (Object.keys(state).length === 0) return;
    // A link leaves out what is as it is at first.
    const { revision, ...all } = initialView({ color: viewer.view().color, ...state });
    if (!viewer.known()) return viewer.do({ type: "setState", state: all });
    try {
      const { value, problems: lost } = await this.check(all);
      this.tell(lost, madeOn);
      viewer.do({ type: "setState", state: value });
    } catch (error) {
      viewer.report(error);
    }
  }

  /** Back or forward: as with undo, the page stays arranged as it is. Sets of cells may be of an earlier page. */
  travel({ state }: Validated): void {
    const { viewer } = this;
    const there = siftedView(state, (filter) => filter.kind !== "cells" || viewer.cells.has(filter.key));
    const { camera, panelCameras } = { ...viewer.view(), ...there };
    const step = stepOf({ ...viewer.view(), ...there });
    viewer.do({ type: "setState", state: { ...step, camera, panelCameras } });
  }

  /** A view without what the dataset does not have. */
  async check(state: Partial<ViewState>): Promise<Checked<Partial<ViewState>>> {
    if (namesGenes({ type: "setState", state })) await this.viewer.loadGenes();
    return checkState(state, this.viewer.known()!);
  }

  /** Says what a view loses here. */
  tell(problems: string[], madeOn = this.madeOn, now = this.viewer.view().revision): void {
    for (const { message, details } of leftOut(problems, madeOn, now)) this.viewer.notify(message, details);
  }
}
