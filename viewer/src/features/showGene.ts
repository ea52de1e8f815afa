import type { Viewer } from "../state/viewer";

/** Adds a gene to the rows, unless it is there, and colors by it. */
export function showGene(viewer: Viewer, gene: string): void {
  const { genes } = viewer.store.getState().view;
  const color = { kind: "gene", name: gene } as const;
  if (genes.includes(gene)) viewer.do({ type: "colorBy", color });
  else viewer.do({ type: "setState", state: { genes: [gene, ...genes], color } }); // one step of undo
}
