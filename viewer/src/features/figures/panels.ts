// The embedding as a figure: what is shown now, or one panel for each feature.

import { layoutKey, obsKey, sourceKey } from "../../data/keys";
import { DEFAULT_STYLE, HIDDEN, SELECTED } from "../../gpu/renderer";
import { HOME_CAMERA } from "../../lib/camera";
import { codeOf } from "../../lib/quantize";
import type { Figure } from "../../state/figure";
import { embeddingOf, type PointColors, pointColors } from "../../state/selectors";
import type { ColorBy, ViewState } from "../../state/state";
import type { CategoricalColumn, ColumnKey, EmbeddingColumn, Viewer } from "../../state/viewer";
import { rgbOf } from "./draw/heat";
import type { Legend, Setup } from "./draw/paper";
import type { PointsInput, PointsPanel } from "./draw/points";
import type { Chosen } from "./question";

export const MAX_PANELS = 48;

/** The columns that the figure is drawn of: they are asked for while it is shown. */
export function neededColumns(figure: Figure, chosen: Chosen, split: string | null): ColumnKey[] {
  if (figure.kind !== "grid") return [];
  const features = featuresOf(figure, chosen).map(sourceKey);
  return split === null ? features : [...features, obsKey(split)];
}

/** What the panels of the grid show. */
export function featuresOf({ layer }: Figure, { genes, columns }: Chosen): ColorBy[] {
  const ofGene = (name: string): ColorBy =>
    layer === "X" ? { kind: "gene", name } : { kind: "gene", name, layer };
  return [...genes.map(ofGene), ...columns.map((name): ColorBy => ({ kind: "obs", name }))].slice(
    0,
    MAX_PANELS,
  );
}

/** All that the panels are drawn with; null while the points are not here. */
export function pointsOf(
  viewer: Viewer,
  view: ViewState,
  chosen: Chosen,
  split: string | null,
  ratio: number,
  clear: boolean,
  setup: Setup,
): PointsInput | null {
  const name = embeddingOf(viewer.store.getState());
  const places = name === null ? undefined : viewer.columns.get(layoutKey(name));
  if (name === null || places?.kind !== "embedding") return null;
  const grid = view.figure.kind === "grid";
  const panels = grid ? gridPanels(viewer, view, chosen, split) : [shownPanel(viewer, view)];
  if (panels.length === 0) return null;
  const { colors } = panels[0]!;
  const labels = grid || !view.centroids ? [] : centersOf(viewer, colors, places);
  return {
    x: places.x,
    y: places.y,
    panels,
    camera: grid ? HOME_CAMERA : view.camera,
    style: {
      ...DEFAULT_STYLE,
      background: rgbOf(setup.ink.paper),
      missing: rgbOf(setup.ink.missing),
      sizeFactor: view.pointSize,
      opacity: view.opacity,
    },
    clear,
    ratio,
    axes: name,
    labels,
    // names in the plot say what a legend would
    legends: grid || labels.length > 0 ? [] : legendsOf(viewer, colors, setup),
    summary: grid
      ? `The embedding ${name}, colored by each of ${panels.map(({ title }) => title).join(", ")}.`
      : `The embedding ${name}${colors.by ? `, colored by ${colors.by.name}` : ""}.`,
  };
}

function shownPanel(viewer: Viewer, view: ViewState): PointsPanel {
  const colors = pointColors(viewer, view, "figure");
  const by = colors.by;
  return {
    title: by?.name ?? "",
    slanted: by?.kind === "gene",
    colors,
    state: viewer.counts.pointState(),
    ramp: false,
  };
}

function gridPanels(viewer: Viewer, view: ViewState, chosen: Chosen, split: string | null): PointsPanel[] {
  const features = featuresOf(view.figure, chosen);
  const here = features.filter((by) => viewer.columns.get(sourceKey(by)));
  const { columns } = viewer.store.getState();
  const first = features[0] && columns[sourceKey(features[0])];
  if (typeof first === "object" && features.every((by) => typeof columns[sourceKey(by)] === "object")) {
    throw new Error(first.code === "not_found" ? "None of these genes is in this layer." : first.error);
  }
  const common = view.figure.scale === "group" ? spanOf(viewer, here) : null;
  const parts = partsOf(viewer, view, split);
  const panels = here.flatMap((by) => {
    const colors = stretched(
      viewer,
      pointColors(viewer, { ...view, color: by }, `figure ${sourceKey(by)}`),
      common,
    );
    return parts.map(({ name, state }) => ({
      title: name === null ? by.name : `${by.name} · ${name}`,
      slanted: by.kind === "gene",
      colors,
      state,
      ramp: true,
    }));
  });
  return panels.slice(0, MAX_PANELS);
}

/** The cells of each category as selected, and the others as context. */
function partsOf(
  viewer: Viewer,
  view: ViewState,
  split: string | null,
): { name: string | null; state: Uint8Array }[] {
  const own = viewer.counts.pointState();
  const state = view.figure.cells === "selected" ? own : own.map((bits) => bits | SELECTED);
  const column = split === null ? undefined : viewer.columns.get(obsKey(split));
  if (column?.kind !== "categorical") return [{ name: null, state }];
  return column.categories.map((name, code) => ({
    name,
    state: state.map((bits, i) => (column.codes[i] === code || bits & HIDDEN ? bits : bits & ~SELECTED)),
  }));
}

function spanOf(viewer: Viewer, features: ColorBy[]): [number, number] | null {
  const columns = features.map((by) => viewer.counts.shown(sourceKey(by)));
  const numbers = columns.filter((column) => column?.kind === "continuous" && !Number.isNaN(column.min));
  const ends = numbers.flatMap((column) => (column?.kind === "continuous" ? [column.min, column.max] : []));
  return ends.length === 0 ? null : [Math.min(...ends), Math.max(...ends)];
}

/** The same points under a range that all panels share. */
function stretched(viewer: Viewer, colors: PointColors, common: [number, number] | null): PointColors {
  const column = colors.by && viewer.counts.shown(sourceKey(colors.by));
  if (!common || column?.kind !== "continuous") return colors;
  return {
    ...colors,
    domain: common,
    shown: common,
    cut: [column.min < common[0], column.max > common[1]],
    ramp: { low: codeOf(common[0], column), high: codeOf(common[1], column) },
  };
}

function legendsOf(viewer: Viewer, { by, domain, cut }: PointColors, setup: Setup): Legend[] {
  if (!by) return [];
  if (domain) return [{ kind: "ramp", title: by.name, low: domain[0], high: domain[1], cut }];
  const column = viewer.columns.get(sourceKey(by));
  if (column?.kind !== "categorical") return [];
  const entries = column.categories.map((name) => ({ name, color: setup.colorOf(0, name) }));
  return [{ kind: "swatches", title: by.name, entries }];
}

/** The median place of each category's cells, as cellxgene has it. */
function centersOf(viewer: Viewer, { by }: PointColors, { x, y }: EmbeddingColumn): PointsInput["labels"] {
  const column = by ? viewer.columns.get(sourceKey(by)) : undefined;
  if (column?.kind !== "categorical") return [];
  const inside = viewer.counts.inside();
  return column.categories.flatMap((name, code) => {
    const mine = cellsOf(column, code).filter((i) => !Number.isNaN(x[i]! + y[i]!) && (!inside || inside[i]));
    if (mine.length === 0) return [];
    return [{ name, x: median(mine.map((i) => x[i]!)), y: median(mine.map((i) => y[i]!)) }];
  });
}

function cellsOf({ codes }: CategoricalColumn, code: number): number[] {
  const found: number[] = [];
  for (let i = 0; i < codes.length; i++) if (codes[i] === code) found.push(i);
  return found;
}

function median(values: number[]): number {
  const sorted = values.sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}
