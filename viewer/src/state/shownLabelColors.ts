// The colors of labels as the kernel gets them: of each column in which somebody has chosen some, all that it shows.

import { obsKey } from "../data/keys";
import { categoryColors, rgbAt } from "../lib/palettes";
import { colorsOfLabels } from "./selectors";
import type { LabelColorsOfColumn } from "./state";
import type { Viewer } from "./viewer";

export function labelColorsOf(viewer: Viewer): LabelColorsOfColumn[] {
  const { dataset } = viewer.store.getState();
  const view = viewer.committed();
  if (!dataset) return [];
  return Object.keys(view.labelColors).flatMap((name): LabelColorsOfColumn[] => {
    const info = dataset.obs.find((column) => column.name === name && column.kind === "categorical");
    const loaded = viewer.columns.get(obsKey(name));
    const labels = loaded?.kind === "categorical" ? loaded.categories : info?.categories;
    if (!info || !labels) return [];
    const colors = hexes(colorsOfLabels(view, dataset, name, labels));
    return [{ name, labels: [...labels], colors, plain: hexes(categoryColors(labels.length)) }];
  });
}

function hexes(palette: Uint8Array): string[] {
  const hex = (part: number): string => part.toString(16).padStart(2, "0");
  return Array.from({ length: palette.length / 3 }, (_, i) => `#${rgbAt(palette, i).map(hex).join("")}`);
}
