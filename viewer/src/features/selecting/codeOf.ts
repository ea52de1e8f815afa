import { sourceKey } from "../../data/keys";
import type { Source } from "../../state/state";
import type { Viewer } from "../../state/viewer";
import { type CodeFacts, selectionCode } from "./code";

/** The code of what is selected now. */
export function codeOf(viewer: Viewer): string {
  const { view, dataset } = viewer.store.getState();
  const info = (name: string) => dataset?.obs.find((column) => column.name === name);
  const clipping = view.clip[0] > 0 || view.clip[1] < 100;
  const numbers = (source: Source) => {
    const column = viewer.counts.shown(sourceKey(source));
    return column?.kind === "continuous" ? column : null;
  };
  const facts: CodeFacts = {
    // Categories that are numbers are known only with their column.
    isText: (name) => info(name)?.kind === "categorical" && info(name)?.categories !== undefined,
    isInteger: (source) => numbers(source)?.integer ?? false,
    clipped: (source) => {
      const column = clipping ? numbers(source) : null;
      return column && [column.min, column.max];
    },
    bits: (key) => viewer.cells(key),
    nObs: dataset?.nObs ?? 0,
  };
  return selectionCode(view, facts);
}
