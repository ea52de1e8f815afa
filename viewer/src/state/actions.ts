// Every change of the view state, by name: buttons, keys, Python and undo all use this one list.
// `apply` is pure: (state, action) → state. Actions are plain JSON.

import { type ColoringAction, coloringChanges } from "./coloring";
import { type ComparingAction, comparingChanges } from "./comparing";
import type { FigureAction } from "./figure";
import { isTicked, oneEach, rangeSubject, withFilter, without, withRegion, withTicked } from "./filters";
import { camerasAtHome, type PanelAction, panelChanges } from "./panels";
import { type SelectingAction, selectingChanges } from "./selecting";
import type { Camera, ColorBy, DockTab, Filter, RegionStep, Source, Tool, ViewState } from "./state";

export type Action =
  | { type: "colorBy"; color: ColorBy | null }
  | { type: "setEmbedding"; embedding: string }
  | ColoringAction
  // tick boxes of a categorical column; `all` is the column's full list of values (null = missing)
  | { type: "toggleCategory"; column: string; value: string | null; all: (string | null)[] }
  | { type: "onlyCategory"; column: string; value: string | null }
  | { type: "toggleAllCategories"; column: string; all: (string | null)[] }
  | { type: "setRange"; source: Source; min: number; max: number }
  | { type: "clearRange"; source: Source }
  | { type: "region"; embedding: string; step: RegionStep }
  | { type: "selectCells"; key: string; label: string; count: number }
  | { type: "setFilters"; filters: Filter[] }
  | { type: "removeFilter"; index: number; within?: number } // within: of the group at index
  | { type: "clearFilters"; subset?: boolean } // the subset too
  | SelectingAction
  | { type: "addGenes"; genes: string[] }
  | { type: "removeGene"; gene: string }
  | { type: "setExpanded"; column: string; open: boolean }
  | { type: "setTool"; tool: Tool }
  | { type: "setCamera"; camera: Camera }
  | PanelAction
  | FigureAction
  | ComparingAction
  | { type: "setSidebar"; side: "cells" | "genesPanel"; open?: boolean; width?: number }
  | { type: "setDock"; tab?: DockTab | null; height?: number }
  | { type: "setTheme"; theme: ViewState["theme"] }
  | { type: "setState"; state: Partial<ViewState> }; // Python, a link, another view of the widget

/** The state after an action; the same object when nothing changes. */
export function apply(state: ViewState, action: Action): ViewState {
  const filters = applyToFilters(state.filters, action);
  if (filters) return change(state, { filters, ...subsetAfter(state, action) });
  switch (action.type) {
    case "colorBy":
      return change(state, { color: action.color });
    case "setEmbedding":
      // The other embedding is another map: its camera starts at home.
      return change(state, {
        embedding: action.embedding,
        camera: { x: 0.5, y: 0.5, zoom: 1 },
        panelCameras: camerasAtHome(state),
      });
    case "setPalette":
    case "setLabelColor":
    case "resetLabelColors":
    case "setColorRange":
      return change(state, coloringChanges(state, action));
    case "addGenes": {
      const fresh = [...new Set(action.genes)].filter((gene) => !state.genes.includes(gene));
      return change(state, { genes: [...fresh, ...state.genes] });
    }
    case "removeGene":
      return change(state, { genes: state.genes.filter((gene) => gene !== action.gene) });
    case "setExpanded": {
      const others = state.expanded.filter((column) => column !== action.column);
      return change(state, { expanded: action.open ? [...others, action.column] : others });
    }
    case "invertFilters":
    case "negateFilter":
    case "joinFilters":
    case "splitGroup":
    case "subset":
    case "resetSubset":
    case "setClip":
    case "setCentroids":
    case "setHoverColumns":
    case "saveSelection":
    case "recallSelection":
    case "renameSelection":
    case "deleteSelection":
      return change(state, selectingChanges(state, action));
    case "setTool":
      return change(state, { tool: action.tool });
    case "setCamera":
      return change(state, { camera: action.camera });
    case "setScatter":
    case "setPanels":
    case "setPanel":
    case "removePanel":
    case "moveCameras":
    case "linkCameras":
    case "setPoints":
    case "setImage":
      return change(state, panelChanges(state, action));
    case "setFigure": {
      const figure = { ...state.figure, ...action.changes };
      return change(state, { figure });
    }
    case "setGroup":
    case "swapGroups":
    case "setComparing":
    case "addComparison":
    case "renameComparison":
    case "removeComparison":
      return change(state, comparingChanges(state, action));
    case "setSidebar": {
      const { side, open = state[side].open, width = state[side].width } = action;
      return change(state, { [side]: { open, width } });
    }
    case "setDock": {
      const { tab = state.dock.tab, height = state.dock.height } = action;
      return change(state, { dock: { tab, height } });
    }
    case "setTheme":
      return change(state, { theme: action.theme });
    case "setState":
      return change(state, action.state);
    default:
      return state;
  }
}

/** The filters after an action that is about filters; undefined for all other actions. */
function applyToFilters(filters: Filter[], action: Action): Filter[] | undefined {
  switch (action.type) {
    case "toggleCategory": {
      const { column, value, all } = action;
      const ticked = all.filter((other) => isTicked(filters, column, other) !== (other === value));
      return withTicked(filters, column, ticked, all);
    }
    case "onlyCategory": {
      const { column, value } = action;
      return withFilter(filters, { kind: "categories", column, mode: "include", values: [value] });
    }
    case "toggleAllCategories": {
      const { column, all } = action;
      const none = all.every((value) => isTicked(filters, column, value));
      return withTicked(filters, column, none ? [] : all, all);
    }
    case "setRange": {
      const { source } = action;
      const [min, max] = action.min <= action.max ? [action.min, action.max] : [action.max, action.min];
      return withFilter(filters, { kind: "range", source, min, max });
    }
    case "clearRange":
      return without(filters, rangeSubject(action.source));
    case "region":
      return withRegion(filters, action.embedding, action.step);
    case "selectCells":
      // Exactly these cells, whatever was filtered before: what Python sets is what Python reads.
      return [{ kind: "cells", key: action.key, label: action.label, count: action.count }];
    case "setFilters":
      return oneEach(action.filters);
    case "removeFilter":
      return removed(filters, action.index, action.within);
    case "clearFilters":
      return [];
    default:
      return undefined;
  }
}

/** What Python sets is what Python reads: a subset that hides some of it would be in the way. */
function subsetAfter(state: ViewState, action: Action): Partial<ViewState> {
  const whole = action.type === "selectCells" || (action.type === "clearFilters" && action.subset === true);
  return whole && state.subset.length > 0 ? { subset: [] } : {};
}

function removed(filters: Filter[], index: number, within?: number): Filter[] {
  return filters.flatMap((filter, i): Filter[] => {
    if (i !== index) return [filter];
    if (within === undefined || filter.kind !== "group") return [];
    const left = filter.filters.filter((_, j) => j !== within);
    // An "or" of one is that one.
    if (left.length === 1 && !filter.not && filter.name === undefined) return left;
    return left.length === 0 ? [] : [{ ...filter, filters: left }];
  });
}

/** Changed parts only, so that equal states are identical and nothing re-renders for nothing. */
function change(state: ViewState, changes: Partial<ViewState>): ViewState {
  const keys = Object.keys(changes) as (keyof ViewState)[];
  const changed = keys.filter((key) => !sameJson(state[key], changes[key]));
  if (changed.length === 0) return state;
  return Object.assign({ ...state }, Object.fromEntries(changed.map((key) => [key, changes[key]])));
}

export function sameJson(a: unknown, b: unknown): boolean {
  return a === b || JSON.stringify(a) === JSON.stringify(b);
}
