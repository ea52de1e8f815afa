// The plots on the page, so that linked ones move together while one of them is dragged.

import type { Viewer } from "../../state/viewer";
import type { Plot } from "./Plot";

const all = new WeakMap<Viewer, Set<Plot>>();

export function plotsOf(viewer: Viewer): Set<Plot> {
  let plots = all.get(viewer);
  if (!plots) {
    plots = new Set();
    all.set(viewer, plots);
  }
  return plots;
}

/** The others that look where this one does. */
export function linkedPlots(plot: Plot): Plot[] {
  const panels = plot.shown.moving(plot.viewer.store.getState());
  return [...plotsOf(plot.viewer)].filter(
    (other) => other !== plot && other.shown.panel !== null && panels.includes(other.shown.panel),
  );
}
