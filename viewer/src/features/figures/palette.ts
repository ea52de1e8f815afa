// Colors of a figure: those of the plot, on the paper of the theme that is shown, or of the print.

import { useSyncExternalStore } from "react";
import { obsKey } from "../../data/keys";
import { categoryColors, colorMap, rgbAt, rgbToCss } from "../../lib/palettes";
import { SELECTION } from "../../state/figure";
import { colorsOfLabels } from "../../state/selectors";
import type { ViewState } from "../../state/state";
import type { DatasetInfo, Viewer } from "../../state/viewer";
import { type Ink, PRINT, PX_PER_PT, type Setup } from "./draw/paper";
import type { Grouping } from "./question";

const OTHERS = "rgb(176 182 192)";
const SELECTED = "rgb(31 119 180)";

export function setupOf(
  viewer: Viewer,
  view: ViewState,
  dataset: DatasetInfo,
  { by, split, bars }: Grouping,
  ink: Ink,
): Setup {
  const map = colorMap(view.palette, view.reversed);
  const columns = [by, split].filter((name) => name !== null);
  const known = columns.map((name) => categoriesOf(viewer, view, dataset, name));
  const beside = bars.map((name) => categoriesOf(viewer, view, dataset, name));
  return {
    ink,
    font: view.figure.font * PX_PER_PT,
    map: (part) => rgbToCss(rgbAt(map, Math.round(255 * part))),
    order: (at) => known[at]?.names ?? [],
    colorOf: (at, category) => known[at]?.colorOf(category) ?? ink.missing,
    orderOfBar: (at) => beside[at]?.names ?? [],
    colorOfBar: (at, category) => beside[at]?.colorOf(category) ?? ink.missing,
    width: null,
    height: null,
  };
}

interface Categories {
  names: string[];
  colorOf: (category: string) => string;
}

function categoriesOf(viewer: Viewer, view: ViewState, dataset: DatasetInfo, name: string): Categories {
  if (name === SELECTION) {
    return { names: [], colorOf: (category) => (category === "other cells" ? OTHERS : SELECTED) };
  }
  const column = viewer.columns.get(obsKey(name));
  const info = dataset.obs.find((each) => each.name === name);
  const names = column?.kind === "categorical" ? column.categories : (info?.categories ?? []);
  if (names.length === 0) return binned(name);
  const palette = colorsOfLabels(view, dataset, name, names);
  const at = new Map(names.map((category, i) => [category, i]));
  return {
    names,
    colorOf: (category) => rgbToCss(rgbAt(palette, at.get(category) ?? 0)),
  };
}

/** Bins of numbers are told apart as they come. */
function binned(_name: string): Categories {
  const seen = new Map<string, number>();
  const palette = categoryColors(20);
  return {
    names: [],
    colorOf: (category) => {
      if (!seen.has(category)) seen.set(category, seen.size);
      return rgbToCss(rgbAt(palette, seen.get(category)! % 20));
    },
  };
}

function onTheme(listener: () => void): () => void {
  const watch = new MutationObserver(listener);
  watch.observe(document.documentElement, { attributeFilter: ["data-theme"] });
  return () => watch.disconnect();
}

/** The theme that is shown. */
export const useShownTheme = (): string =>
  useSyncExternalStore(onTheme, () => document.documentElement.dataset.theme ?? "light");

/** The inks of the page. */
export function shownInk(): Ink {
  const tokens = getComputedStyle(document.documentElement);
  const token = (name: string, otherwise: string): string =>
    tokens.getPropertyValue(name).trim() || otherwise;
  return {
    text: token("--cxg-text", PRINT.text),
    muted: token("--cxg-text-muted", PRINT.muted),
    line: token("--cxg-line", PRINT.line),
    paper: token("--cxg-plot", PRINT.paper),
    missing: token("--cxg-point-missing", PRINT.missing),
  };
}
