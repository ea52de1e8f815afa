// What comes from outside (a link, Python, another view) as a partial view state: each field is checked
// by itself, and one that makes no sense is left out and named.

import type { Action } from "./actions";
import { oneEach } from "./filters";
import { type ColorBy, type DockTab, type Filter, STATE_VERSION, type ViewState } from "./state";

type Check<T> = (value: unknown) => value is T;
type Shape = { [key: string]: (value: unknown) => boolean };

const text: Check<string> = (v): v is string => typeof v === "string";
const number: Check<number> = (v): v is number => typeof v === "number" && Number.isFinite(v);
const flag: Check<boolean> = (v): v is boolean => typeof v === "boolean";
const oneOf =
  <T>(...allowed: T[]): Check<T> =>
  (v): v is T =>
    allowed.includes(v as T);
const orNull =
  <T>(check: Check<T>): Check<T | null> =>
  (v): v is T | null =>
    v === null || check(v);
const listOf =
  <T>(check: Check<T>): Check<T[]> =>
  (v): v is T[] =>
    Array.isArray(v) && v.every(check);
const record =
  <T>(shape: Shape): Check<T> =>
  (v): v is T =>
    typeof v === "object" &&
    v !== null &&
    Object.entries(shape).every(([key, check]) => check((v as Record<string, unknown>)[key]));

const colorBy = record<ColorBy>({ kind: oneOf("obs", "gene"), name: text });
const point: Check<[number, number]> = (v): v is [number, number] =>
  Array.isArray(v) && v.length === 2 && v.every(number);
const regionStep = record<unknown>({
  mode: oneOf("replace", "add", "subtract"),
  shape: oneOf("lasso", "rectangle"),
  points: listOf(point),
});
const FILTERS: Record<Filter["kind"], (value: unknown) => boolean> = {
  categories: record({
    column: text,
    mode: oneOf("include", "exclude"),
    values: listOf(orNull(text)),
  }),
  range: record({ source: colorBy, min: number, max: number }),
  region: record({ embedding: text, steps: listOf(regionStep) }),
  cells: record({ key: text, label: text, count: number }),
};
const filter: Check<Filter> = (v): v is Filter => {
  const kind = (v as { kind?: unknown } | null)?.kind;
  return text(kind) && Object.hasOwn(FILTERS, kind) && FILTERS[kind as Filter["kind"]](v);
};
const dockTab = orNull(oneOf<DockTab>("compare", "figures", "annotations"));
const sidebar = record<ViewState["cells"]>({ open: flag, width: number });

/** `revision` is not taken from outside: it is that of the data shown. */
const FIELDS: Partial<Record<keyof ViewState, (value: unknown) => boolean>> = {
  embedding: orNull(text),
  color: orNull(colorBy),
  filters: listOf(filter),
  genes: listOf(text),
  expanded: listOf(text),
  tool: oneOf("lasso", "rectangle", "pan"),
  camera: record({ x: number, y: number, zoom: (v) => number(v) && v > 0 }),
  cells: sidebar,
  genesPanel: sidebar,
  dock: record({ tab: dockTab, height: number }),
  theme: oneOf("auto", "light", "dark"),
  palette: oneOf("viridis", "magma", "cividis", "cool", "rdbu"),
};

const values = listOf(orNull(text));
const ACTIONS: Record<Action["type"], (value: unknown) => boolean> = {
  colorBy: record({ color: orNull(colorBy) }),
  setEmbedding: record({ embedding: text }),
  setPalette: record({ palette: FIELDS.palette! }),
  toggleCategory: record({ column: text, value: orNull(text), all: values }),
  onlyCategory: record({ column: text, value: orNull(text) }),
  toggleAllCategories: record({ column: text, all: values }),
  setRange: record({ source: colorBy, min: number, max: number }),
  clearRange: record({ source: colorBy }),
  region: record({ embedding: text, step: regionStep }),
  selectCells: record({ key: text, label: text, count: number }),
  setFilters: record({ filters: listOf(filter) }),
  removeFilter: record({ index: number }),
  clearFilters: () => true,
  addGenes: record({ genes: listOf(text) }),
  removeGene: record({ gene: text }),
  setExpanded: record({ column: text, open: flag }),
  setTool: record({ tool: FIELDS.tool! }),
  setCamera: record({ camera: FIELDS.camera! }),
  setSidebar: record({
    side: oneOf("cells", "genesPanel"),
    open: (v) => v === undefined || flag(v),
    width: (v) => v === undefined || number(v),
  }),
  setDock: record({
    tab: (v) => v === undefined || dockTab(v),
    height: (v) => v === undefined || number(v),
  }),
  setTheme: record({ theme: FIELDS.theme! }),
  setState: (v) => validState((v as { state?: unknown }).state).problems.length === 0,
};

/** An action from outside; null when it is none of ours. */
export function validAction(value: unknown): Action | null {
  const type = (value as { type?: unknown } | null)?.type;
  if (!text(type) || !Object.hasOwn(ACTIONS, type)) return null;
  return ACTIONS[type as Action["type"]](value) ? (value as Action) : null;
}

export interface Validated {
  state: Partial<ViewState>;
  problems: string[]; // one sentence each
}

export function validState(value: unknown): Validated {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    return { state: {}, problems: ["The view state is not an object and was ignored."] };
  }
  const given = value as Record<string, unknown>;
  if (given.version !== undefined && given.version !== STATE_VERSION) {
    return {
      state: {},
      problems: [`The view was saved by another version (${String(given.version)}) and was ignored.`],
    };
  }
  const state: Record<string, unknown> = {};
  const problems: string[] = [];
  for (const [key, check] of Object.entries(FIELDS)) {
    if (given[key] === undefined) continue;
    if (check?.(given[key])) state[key] = given[key];
    else problems.push(`The view's "${key}" makes no sense and was ignored.`);
  }
  if (state.filters) state.filters = oneEach(state.filters as Filter[]);
  return { state: state as Partial<ViewState>, problems };
}
