// What a plot shows: the view itself, a panel beside it, or two genes against each other.

import { layoutKey, obsKey, scatterName, sourceKey } from "../../data/keys";
import { type CameraLike, HOME_CAMERA } from "../../lib/camera";
import { imageOf } from "../../state/images";
import { cameraOf, linkedPanels } from "../../state/panels";
import { embeddingOf, type PointColors, pointColors } from "../../state/selectors";
import type { Panel, ViewState } from "../../state/state";
import type { AppState, EmbeddingColumn, Viewer } from "../../state/viewer";

export interface PlotView {
  /** Unlike that of every other plot of the viewer. */
  readonly id: string;
  /** Its number among the panels, 0 for the first; null: it is none. */
  readonly panel: number | null;
  /** Where its regions are drawn and its points lie. */
  embedding(state: AppState): string | null;
  colors(viewer: Viewer, view: ViewState): PointColors;
  /** What it is to be colored by. */
  color(view: ViewState): ViewState["color"];
  /** The one category whose cells it shows. */
  only(view: ViewState): Panel["only"];
  /** null: where it looks is no part of the view state. */
  camera(view: ViewState): CameraLike | null;
  /** The panels that look where this one does. */
  moving(state: AppState): number[];
}

const views = new Map<number, PlotView>();

/** The plot of a panel; 0 is the view's own. */
export function panelView(panel: number): PlotView {
  let view = views.get(panel);
  if (!view) {
    view = makePanelView(panel);
    views.set(panel, view);
  }
  return view;
}

function makePanelView(panel: number): PlotView {
  const own = (view: ViewState) => view.panels[panel - 1];
  return {
    id: `panel ${panel}`,
    panel,
    embedding: (state) => own(state.view)?.embedding ?? embeddingOf(state),
    colors: (viewer, view) => {
      const color = own(view)?.color;
      return color ? pointColors(viewer, { ...view, color }, `panel ${panel}`) : pointColors(viewer, view);
    },
    color: (view) => own(view)?.color ?? view.color,
    only: (view) => own(view)?.only ?? null,
    camera: (view) => cameraOf(view, panel),
    moving: (state) => linkedPanels(state.view, embeddingOf(state), panel),
  };
}

/** Two genes against each other, in the view's colors. */
export function scatterView(x: string, y: string): PlotView {
  const name = scatterName(x, y);
  return {
    id: name,
    panel: null,
    embedding: () => name,
    colors: (viewer, view) => pointColors(viewer, view),
    color: (view) => view.color,
    only: () => null,
    camera: () => null,
    moving: () => [],
  };
}

/** Its points, once they are here. */
export function pointsOf(shown: PlotView, viewer: Viewer, state: AppState): EmbeddingColumn | null {
  const name = shown.embedding(state);
  const column = name === null ? undefined : viewer.columns.get(layoutKey(name));
  return column?.kind === "embedding" ? column : null;
}

/** What it waits for, by name; null: it shows what it is to show. */
export function awaitedBy(shown: PlotView, state: AppState): string | null {
  const { view, columns, images, awaitsGenes } = state;
  const loads = (key: string | null) => key !== null && columns[key] === "loading";
  if (shown.panel === 0 && awaitsGenes !== null) return awaitsGenes;
  const embedding = shown.embedding(state);
  if (loads(embedding && layoutKey(embedding))) return shown.panel === null ? "the genes" : embedding;
  const [color, only] = [shown.color(view), shown.only(view)];
  if (color && loads(sourceKey(color))) return color.name;
  if (only && loads(obsKey(only.column))) return only.column;
  const image = view.image.shown ? imageOf(state, embedding) : null;
  return image && images[image.name] === "loading" ? "the tissue image" : null;
}

export const cameraIn = (shown: PlotView, view: ViewState): CameraLike => shown.camera(view) ?? HOME_CAMERA;
