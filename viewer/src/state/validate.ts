// What comes from outside (a link, Python, another view) as a partial view state: each field is checked
// by itself, and one that makes no sense is left out and named.

import { parseHex } from "../lib/palettes";
import type { Action } from "./actions";
import { countLabelColors, MOST_COLOR_RANGES, MOST_LABEL_COLORS } from "./coloring";
import { validChanges, validFigure } from "./figure";
import { oneEach } from "./filters";
import { MAX_SPLIT, OPACITIES, POINT_SIZES } from "./panels";
import { validClip } from "./selecting";
import {
  type ColorBy,
  type ColorRange,
  type DockTab,
  type Filter,
  type GeneSet,
  type LabelColors,
  type NamedSelection,
  type Panel,
  STATE_VERSION,
  type ViewState,
} from "./state";
import { comparingChecks } from "./validateComparing";

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

const named = record<ColorBy>({ kind: oneOf("obs", "gene"), name: text });
const setSource = record<ColorBy>({
  kind: oneOf("set"),
  name: text,
  method: oneOf("mean", "score_genes"),
  genes: listOf(text),
});
const colorBy: Check<ColorBy> = (v): v is ColorBy => named(v) || setSource(v);
const point: Check<[number, number]> = (v): v is [number, number] =>
  Array.isArray(v) && v.length === 2 && v.every(number);
const regionStep = record<unknown>({
  mode: oneOf("replace", "add", "subtract", "intersect"),
  shape: oneOf("lasso", "rectangle"),
  points: listOf(point),
});
const FILTERS: Record<Exclude<Filter["kind"], "group">, (value: unknown) => boolean> = {
  categories: record({
    column: text,
    mode: oneOf("include", "exclude"),
    values: listOf(orNull(text)),
  }),
  range: record({ source: colorBy, min: number, max: number }),
  region: record({ embedding: text, steps: listOf(regionStep) }),
  cells: record({ key: text, label: text, count: number }),
};
const MAX_DEPTH = 8; // of groups in groups: nobody reads more, and a damaged link may have any number
const filterAt =
  (depth: number): Check<Filter> =>
  (v): v is Filter => {
    const kind = (v as { kind?: unknown } | null)?.kind;
    if (kind === "group") return depth < MAX_DEPTH && groupAt(depth)(v);
    return text(kind) && Object.hasOwn(FILTERS, kind) && FILTERS[kind as keyof typeof FILTERS](v);
  };
const groupAt = (depth: number) =>
  record<Filter>({
    op: oneOf("all", "any"),
    not: flag,
    filters: listOf(filterAt(depth + 1)),
    name: (v) => v === undefined || text(v),
  });
const filter = filterAt(0);
const selection = record<NamedSelection>({
  name: (v) => text(v) && v.trim() === v && v !== "",
  filters: listOf(filter),
});
const clip: Check<ViewState["clip"]> = (v): v is ViewState["clip"] =>
  Array.isArray(v) && v.length === 2 && v.every(number) && validClip(v as [number, number]);
const compared = comparingChecks(filter);
const dockTab = orNull(oneOf<DockTab>("compare", "figures", "annotations"));
const texts = (v: unknown): boolean =>
  typeof v === "object" && v !== null && !Array.isArray(v) && Object.values(v).every(text);
const geneSet = record<GeneSet>({ name: text, description: text, genes: listOf(text), about: texts });
const sidebar = record<ViewState["cells"]>({ open: flag, width: number });

const within =
  (low: number, high: number): Check<number> =>
  (v): v is number =>
    number(v) && v >= low && v <= high;
const optional =
  (check: (value: unknown) => boolean) =>
  (v: unknown): boolean =>
    v === undefined || check(v);
const camera = record<ViewState["camera"]>({ x: number, y: number, zoom: (v) => number(v) && v > 0 });
const only = record<NonNullable<Panel["only"]>>({ column: text, value: orNull(text) });
const panel = record<Panel>({ embedding: orNull(text), color: orNull(colorBy), only: orNull(only) });
const pointSize = within(POINT_SIZES.min, POINT_SIZES.max);
const opacity = within(OPACITIES.min, OPACITIES.max);

const hexColor: Check<string> = (v): v is string => text(v) && parseHex(v) !== null;
const colorsOfLabels = (v: unknown): boolean =>
  typeof v === "object" && v !== null && !Array.isArray(v) && Object.values(v).every(hexColor);
const labelColors = (v: unknown): boolean =>
  typeof v === "object" &&
  v !== null &&
  !Array.isArray(v) &&
  Object.values(v).every(colorsOfLabels) &&
  countLabelColors(v as LabelColors) <= MOST_LABEL_COLORS;
const ends = ({ min, max }: ColorRange): boolean => (min === null ? max !== null : max === null || min < max);
const colorRange = record<ColorRange>({ source: colorBy, min: orNull(number), max: orNull(number) });

/** `revision` is not taken from outside: it is that of the data shown. */
const FIELDS: Partial<Record<keyof ViewState, (value: unknown) => boolean>> = {
  embedding: orNull(text),
  color: orNull(colorBy),
  filters: listOf(filter),
  subset: listOf(listOf(filter)),
  selections: listOf(selection),
  clip,
  centroids: flag,
  hoverColumns: listOf(colorBy),
  genes: listOf(text),
  drafts: orNull(record({ tid: number, sets: listOf(geneSet), gone: listOf(text) })),
  expanded: listOf(text),
  tool: oneOf("lasso", "rectangle", "pan"),
  camera,
  scatter: record({ x: orNull(text), y: orNull(text) }),
  panels: (v) => listOf(panel)(v) && v.length < MAX_SPLIT,
  panelCameras: listOf(camera),
  linkedCamera: flag,
  pointSize,
  opacity,
  image: record({ shown: flag, opacity: within(0, 1), name: orNull(text) }),
  cells: sidebar,
  genesPanel: sidebar,
  dock: record({ tab: dockTab, height: number }),
  figure: validFigure,
  groups: compared.groups,
  comparisons: compared.comparisons,
  comparing: compared.comparing,
  theme: oneOf("auto", "light", "dark"),
  palette: oneOf("viridis", "magma", "cividis", "cool", "rdbu"),
  reversed: flag,
  colorRanges: (v) => listOf(colorRange)(v) && v.length <= MOST_COLOR_RANGES && v.every(ends),
  labelColors,
};

const values = listOf(orNull(text));
const ACTIONS: Record<Action["type"], (value: unknown) => boolean> = {
  colorBy: record({ color: orNull(colorBy) }),
  setEmbedding: record({ embedding: text }),
  setPalette: record({ palette: FIELDS.palette!, reversed: optional(flag) }),
  setLabelColor: record({ column: text, label: text, color: orNull(hexColor) }),
  resetLabelColors: record({ column: text }),
  setColorRange: record({ source: colorBy, min: orNull(number), max: orNull(number) }),
  toggleCategory: record({ column: text, value: orNull(text), all: values }),
  onlyCategory: record({ column: text, value: orNull(text) }),
  toggleAllCategories: record({ column: text, all: values }),
  setRange: record({ source: colorBy, min: number, max: number }),
  clearRange: record({ source: colorBy }),
  region: record({ embedding: text, step: regionStep }),
  selectCells: record({ key: text, label: text, count: number }),
  setFilters: record({ filters: listOf(filter) }),
  removeFilter: record({ index: number, within: optional(number) }),
  clearFilters: record({ subset: optional(flag) }),
  invertFilters: () => true,
  negateFilter: record({ index: number, within: optional(number) }),
  joinFilters: record({ index: number }),
  splitGroup: record({ index: number }),
  subset: () => true,
  resetSubset: record({ levels: optional(number) }),
  setClip: (v) => clip([(v as { low?: unknown }).low, (v as { high?: unknown }).high]),
  setCentroids: record({ shown: flag }),
  setHoverColumns: record({ columns: listOf(colorBy) }),
  saveSelection: record({ name: text }),
  recallSelection: record({ name: text, mode: oneOf("replace", "and", "or", "without") }),
  renameSelection: record({ name: text, to: text }),
  deleteSelection: record({ name: text }),
  addGenes: record({ genes: listOf(text) }),
  removeGene: record({ gene: text }),
  setExpanded: record({ column: text, open: flag }),
  setTool: record({ tool: FIELDS.tool! }),
  setCamera: record({ camera }),
  setScatter: record({ axis: oneOf("x", "y"), gene: orNull(text) }),
  setPanels: record({ panels: FIELDS.panels! }),
  setPanel: record({
    panel: number,
    changes: record({
      embedding: optional(orNull(text)),
      color: optional(orNull(colorBy)),
      only: optional(orNull(only)),
    }),
  }),
  removePanel: record({ panel: number }),
  moveCameras: record({ panels: listOf(number), camera }),
  linkCameras: record({ linked: flag }),
  setPoints: record({ size: optional(pointSize), opacity: optional(opacity) }),
  setImage: record({
    changes: record({
      shown: optional(flag),
      opacity: optional(within(0, 1)),
      name: optional(orNull(text)),
    }),
  }),
  setFigure: record({ changes: validChanges }),
  setGroup: compared.setGroup,
  swapGroups: () => true,
  setComparing: record({ changes: compared.changes }),
  addComparison: record({ comparison: compared.comparison }),
  renameComparison: record({ name: text, to: text }),
  removeComparison: record({ name: text }),
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
