// Changes of what is drawn beside the first plot (the gene scatter, more panels) and of how points look.

import { HOME_CAMERA } from "../lib/camera";
import type { Camera, ImageLook, Panel, Scatter, ViewState } from "./state";

export type PanelAction =
  | { type: "setScatter"; axis: keyof Scatter; gene: string | null }
  | { type: "setPanels"; panels: Panel[] }
  | { type: "setPanel"; panel: number; changes: Partial<Panel> } // 1 = the first beside the view's own
  | { type: "removePanel"; panel: number }
  | { type: "moveCameras"; panels: number[]; camera: Camera } // 0 = the view's own
  | { type: "linkCameras"; linked: boolean }
  | { type: "setPoints"; size?: number; opacity?: number }
  | { type: "setImage"; changes: Partial<ImageLook> };

/** Panels that one adds by hand; a category is split over more. */
export const MAX_PANELS = 4;
export const MAX_SPLIT = 12;

export const POINT_SIZES = { min: 0.25, max: 4 } as const; // × the size that suits the number of points
export const OPACITIES = { min: 0.05, max: 1 } as const;

export const NEW_PANEL: Panel = { embedding: null, color: null, only: null };

export function panelChanges(state: ViewState, action: PanelAction): Partial<ViewState> {
  const { panels, panelCameras } = state;
  switch (action.type) {
    case "setScatter":
      return { scatter: { ...state.scatter, [action.axis]: action.gene } };
    case "setPanels":
      return {
        panels: action.panels.slice(0, MAX_SPLIT - 1),
        panelCameras: action.panels.map((panel, i) => {
          if (panels[i]?.embedding === panel.embedding) return cameraOf(state, i + 1);
          return panel.embedding === null ? state.camera : HOME_CAMERA;
        }),
      };
    case "setPanel": {
      const at = action.panel - 1;
      const before = panels[at];
      if (!before) return {};
      const panel = { ...before, ...action.changes };
      return {
        panels: panels.with(at, panel),
        // The other embedding is another map.
        panelCameras:
          panel.embedding === before.embedding ? panelCameras : withCamera(state, at, HOME_CAMERA),
      };
    }
    case "removePanel":
      return {
        panels: panels.filter((_, i) => i !== action.panel - 1),
        panelCameras: panelCameras.filter((_, i) => i !== action.panel - 1),
      };
    case "moveCameras": {
      const { camera, panels: moved } = action;
      return {
        camera: moved.includes(0) ? camera : state.camera,
        panelCameras: panels.map((_, i) => (moved.includes(i + 1) ? camera : cameraOf(state, i + 1))),
      };
    }
    case "linkCameras":
      return { linkedCamera: action.linked };
    case "setPoints":
      return {
        pointSize: within(action.size ?? state.pointSize, POINT_SIZES),
        opacity: within(action.opacity ?? state.opacity, OPACITIES),
      };
    case "setImage":
      return { image: { ...state.image, ...action.changes } };
  }
}

/** Where a panel looks; 0 is the view's own. */
export function cameraOf({ camera, panelCameras }: ViewState, panel: number): Camera {
  return panel === 0 ? camera : (panelCameras[panel - 1] ?? HOME_CAMERA);
}

/** The cameras of panels that follow the view's embedding, when that is another now. */
export const camerasAtHome = (state: ViewState): Camera[] =>
  state.panels.map(({ embedding }, i) => (embedding === null ? HOME_CAMERA : cameraOf(state, i + 1)));

function withCamera(state: ViewState, at: number, camera: Camera): Camera[] {
  return state.panels.map((_, i) => (i === at ? camera : cameraOf(state, i + 1)));
}

const within = (value: number, { min, max }: { min: number; max: number }): number =>
  Math.min(max, Math.max(min, value));

/** This panel and those that move with it. `embedding` is the view's. */
export function linkedPanels(view: ViewState, embedding: string | null, panel: number): number[] {
  if (!view.linkedCamera) return [panel];
  const shown = [embedding, ...view.panels.map((each) => each.embedding ?? embedding)];
  return shown.flatMap((name, i) => (name === shown[panel] ? [i] : []));
}
