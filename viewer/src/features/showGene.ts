import type { Viewer } from "../state/viewer";

/** Adds a gene to the rows, unless it is there, and colors by it. */
export function showGene(viewer: Viewer, gene: string): void {
  if (!viewer.store.getState().view.genes.includes(gene)) viewer.do({ type: "addGenes", genes: [gene] });
  viewer.do({ type: "colorBy", color: { kind: "gene", name: gene } });
}
