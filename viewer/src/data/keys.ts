// The names under which columns are kept. Only this file makes or takes them apart.

import type { Source } from "../state/state";

/** "obs/louvain", "gene/CD3D" or "layout/umap". */
export type ColumnKey = string;

export type ColumnAxis = "obs" | "gene" | "layout";

export const obsKey = (name: string): ColumnKey => `obs/${name}`;
export const geneKey = (name: string): ColumnKey => `gene/${name}`;
export const layoutKey = (name: string): ColumnKey => `layout/${name}`;

/** The column behind a color or a range filter. */
export const sourceKey = (source: Source): ColumnKey =>
  source.kind === "obs" ? obsKey(source.name) : geneKey(source.name);

export function parseKey(key: ColumnKey): { axis: ColumnAxis; name: string } {
  const slash = key.indexOf("/");
  return { axis: key.slice(0, slash) as ColumnAxis, name: key.slice(slash + 1) };
}
