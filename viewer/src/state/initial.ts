// The view of somebody who has done nothing yet.

import { FIGURE } from "./figure";
import { STATE_VERSION, type ViewState } from "./state";

export function initialView(changes: Partial<ViewState> = {}): ViewState {
  return {
    version: STATE_VERSION,
    revision: 1,
    embedding: null,
    color: null,
    filters: [],
    subset: [],
    selections: [],
    clip: [0, 100],
    centroids: false,
    hoverColumns: [],
    genes: [],
    drafts: null,
    expanded: [],
    tool: "lasso",
    camera: { x: 0.5, y: 0.5, zoom: 1 },
    scatter: { x: null, y: null },
    panels: [],
    panelCameras: [],
    linkedCamera: true,
    pointSize: 1,
    opacity: 1,
    image: { shown: true, opacity: 1, name: null },
    cells: { open: true, width: 280 },
    genesPanel: { open: true, width: 300 },
    groups: { a: null, b: { kind: "rest", within: [] } },
    comparisons: [],
    comparing: { method: "t-test", layer: "X", shown: [] },
    dock: { tab: null, height: 300 },
    figure: FIGURE,
    theme: "auto",
    palette: "viridis",
    reversed: false,
    colorRanges: [],
    labelColors: {},
    ...changes,
  };
}
