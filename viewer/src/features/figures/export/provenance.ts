// Where a figure comes from: written into every file, and in short beneath the figure.

import type { Figure } from "../../../state/figure";
import type { ColorBy, Filter } from "../../../state/state";

export const LARGEST_SIDE = 16_384; // pixels of a canvas, which all current browsers can do

export interface Provenance {
  title: string;
  dataset: { title: string; id: string; revision: number; cells: number; genes: number };
  cells: { shown: number; of: number; which: "all" | "selected"; leftOut: number };
  filters: Filter[]; // empty where all cells are shown
  subset: Filter[][];
  figure: Figure;
  features: string[];
  grouping: { by: string | null; split: string | null };
  embedding: string | null; // of figures of points
  color: ColorBy | null;
  palette: string;
  software: string;
  made: string; // ISO 8601
}

/** One paragraph for people. */
export function described({ dataset, cells, figure, features, software, made, title }: Provenance): string {
  const which = cells.shown === cells.of ? `all ${cells.of} cells` : `${cells.shown} of ${cells.of} cells`;
  const how = [
    features.length > 0 ? `layer ${figure.kind === "grid" ? "X" : figure.layer}` : "",
    figure.cutoff !== 0 ? `expressed above ${figure.cutoff}` : "",
    figure.scale !== "none" ? `scaled from 0 to 1 per ${figure.scale}` : "",
    cells.leftOut > 0 ? `${cells.leftOut} cells without a category left out` : "",
  ].filter(Boolean);
  const details = how.length > 0 ? `; ${how.join("; ")}` : "";
  return `${title}. ${dataset.title} (${dataset.id}), revision ${dataset.revision}; ${which}${details}. ${software}, ${made.slice(0, 10)}.`;
}

/** For the name of a file: no character that a file system or a shell minds. */
export const fileName = (about: Provenance, ending: string): string =>
  `${[about.dataset.title, about.figure.kind]
    .join("-")
    .replace(/\.(h5ad|zarr|h5mu|loom)\b/g, "")
    .replace(/[^\p{L}\p{N}._-]+/gu, "-")
    .replace(/^[-.]+/, "")
    .slice(0, 80)}.${ending}`;
