// Every change of the view state, by name: buttons, keys, Python and undo all use this one list.
// `apply` is pure: (state, action) → state. Actions are plain JSON.

import type { Camera, ColorBy, Filter, RegionStep, Source, Tool, ViewState } from "./state";

export type Action =
  | { type: "colorBy"; color: ColorBy | null }
  | { type: "setEmbedding"; embedding: string }
  | { type: "setPalette"; palette: ViewState["palette"] }
  // tick boxes of a categorical column; `all` is the column's full list of values (null = missing)
  | { type: "toggleCategory"; column: string; value: string | null; all: (string | null)[] }
  | { type: "onlyCategory"; column: string; value: string | null }
  | { type: "toggleAllCategories"; column: string; all: (string | null)[] }
  | { type: "setRange"; source: Source; min: number; max: number }
  | { type: "clearRange"; source: Source }
  | { type: "region"; embedding: string; step: RegionStep }
  | { type: "selectCells"; key: string; label: string; count: number }
  | { type: "setFilters"; filters: Filter[] }
  | { type: "removeFilter"; index: number }
  | { type: "clearFilters" }
  | { type: "addGenes"; genes: string[] }
  | { type: "removeGene"; gene: string }
  | { type: "setExpanded"; column: string; open: boolean }
  | { type: "setTool"; tool: Tool }
  | { type: "setCamera"; camera: Camera }
  | { type: "setSidebar"; side: "cells" | "genesPanel"; open?: boolean; width?: number }
  | { type: "setTheme"; theme: ViewState["theme"] }
  | { type: "setState"; state: Partial<ViewState> }; // Python, a link, another view of the widget
