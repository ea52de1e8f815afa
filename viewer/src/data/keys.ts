// The names under which columns are kept. Only this file makes or takes them apart.

import type { SetMethod, SetSource, Source } from "../state/state";

/** "obs/louvain", "gene/CD3D", 'layer/["raw","CD3D"]', "layout/umap" or, by content, 'set/["mean","CD3D","LYZ"]'. */
export type ColumnKey = string;

export type ColumnAxis = "obs" | "gene" | "layer" | "layout" | "set";

export const obsKey = (name: string): ColumnKey => `obs/${name}`;
export const geneKey = (name: string): ColumnKey => `gene/${name}`;
/** A gene of raw or of a layer. */
export const layerKey = (layer: string, gene: string): ColumnKey =>
  layer === "X" ? geneKey(gene) : `layer/${JSON.stringify([layer, gene])}`;
export const layoutKey = (name: string): ColumnKey => `layout/${name}`;

/** Named by its genes: another set with the same ones has the same numbers, and an edited one others. */
export const setKey = ({ method, genes }: Pick<SetSource, "method" | "genes">): ColumnKey =>
  `set/${JSON.stringify([method, ...genes])}`;

/** The column behind a color or a range filter. */
export function sourceKey(source: Source): ColumnKey {
  if (source.kind === "set") return setKey(source);
  return source.kind === "obs" ? obsKey(source.name) : layerKey(source.layer ?? "X", source.name);
}

/** What the key of a set says. */
export function parseSet(name: string): { method: SetMethod; genes: string[] } {
  const [method, ...genes] = JSON.parse(name) as [SetMethod, ...string[]];
  return { method, genes };
}

/** What the key of a gene of a layer says. */
export const parseLayer = (name: string): [layer: string, gene: string] => JSON.parse(name);

const SCATTER = "scatter ";

/** Two genes against each other as the name of an embedding: regions, counts and links treat it as one. */
export const scatterName = (x: string, y: string): string => SCATTER + JSON.stringify([x, y]);

/** The genes of such a name; null when it is that of an embedding. */
export function scatterGenes(embedding: string): [x: string, y: string] | null {
  if (!embedding.startsWith(SCATTER)) return null;
  try {
    const genes: unknown = JSON.parse(embedding.slice(SCATTER.length));
    if (Array.isArray(genes) && genes.length === 2 && genes.every((gene) => typeof gene === "string")) {
      return genes as [string, string];
    }
  } catch {
    // an embedding with a strange name
  }
  return null;
}

/** An embedding's name for people. */
export const embeddingTitle = (embedding: string): string =>
  scatterGenes(embedding)?.join(" × ") ?? embedding;

export function parseKey(key: ColumnKey): { axis: ColumnAxis; name: string } {
  const slash = key.indexOf("/");
  return { axis: key.slice(0, slash) as ColumnAxis, name: key.slice(slash + 1) };
}
