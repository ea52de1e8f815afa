// The view of somebody who has done nothing yet.

import { STATE_VERSION, type ViewState } from "./state";

export function initialView(changes: Partial<ViewState> = {}): ViewState {
  return {
    version: STATE_VERSION,
    revision: 1,
    embedding: null,
    color: null,
    filters: [],
    genes: [],
    expanded: [],
    tool: "lasso",
    camera: { x: 0.5, y: 0.5, zoom: 1 },
    cells: { open: true, width: 280 },
    genesPanel: { open: true, width: 300 },
    dock: { tab: null, height: 300 },
    theme: "auto",
    palette: "viridis",
    ...changes,
  };
}
