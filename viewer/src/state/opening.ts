// The first question round: everything the first picture needs, in one request.

import { type Answer, json } from "../api/answers";
import type { Client } from "../api/client";
import { ApiError } from "../api/errors";
import type { ColorsDoc, ColumnType, ConfigDoc, ImageDoc, SchemaDoc, StatusDoc, ViewDoc } from "../api/types";
import { type ColumnKey, layoutKey, obsKey, sourceKey } from "../data/keys";
import { decode, type Layout, question } from "../data/questions";
import type { LoadedColumn } from "../data/values";
import { type Arrival, arrival } from "./link";
import type { ViewState } from "./state";
import type { DatasetInfo, ObsColumnInfo, TissueImage } from "./store";

export interface Opened {
  arrival: Arrival | null; // when the page is that of a link
  dataset: DatasetInfo;
  layout: Layout;
  status: StatusDoc;
  columns: [ColumnKey, LoadedColumn][]; // the embedding, and what colors it
}

const KINDS: Record<ColumnType, ObsColumnInfo["kind"]> = {
  boolean: "boolean",
  string: "string",
  categorical: "categorical",
  float32: "continuous",
  int32: "continuous",
};

// What the server calls the genes' names unless a var column has taken the name.
const USUAL_INDEX = "name_0";

export async function open(
  client: Client,
  given: Partial<ViewState>,
  byLink: boolean,
  signal: AbortSignal,
): Promise<Opened> {
  const ask = (text: string) => client.ask(text, { signal });
  const guess: Layout = { varIndex: USUAL_INDEX, kind: () => undefined };
  // What is painted may be refused without harm: it is asked for again.
  const picture = ({ embedding, color }: Partial<ViewState>) => [
    optional(ask(embedding ? question(layoutKey(embedding), guess) : "default-layout")),
    color === null ? null : optional(ask(color ? question(sourceKey(color), guess) : "default-color")),
  ];
  // All of these leave together. What a link shows is not known before its answer.
  const [schema, config, colors, status, shown, ...early] = await Promise.all([
    ask("schema"),
    ask("config"),
    ask("colors"),
    ask("status"),
    byLink ? ask("view") : null,
    ...(byLink ? [] : picture(given)),
  ]);
  const come = shown && arrival(json<ViewDoc>(shown));
  const view = come?.state ?? given;
  const [places = null, paint = null] = come ? await Promise.all(picture(view)) : early;
  const dataset = datasetInfo(json(schema), json(config), json(colors));
  const kinds = new Map(dataset.obs.map((column) => [column.name, column.kind]));
  const flipped = (name: string) => dataset.images[name] !== undefined;
  const layout: Layout = { varIndex: dataset.varIndex, flipped, kind: (name) => kinds.get(name) };
  const columns: Opened["columns"] = [];
  const keep = (key: ColumnKey, answer: Answer | null) => {
    try {
      if (answer) columns.push([key, decode(key, layout, answer)]);
    } catch {
      // asked for again, with its error in its own place
    }
  };
  const embedding = view.embedding ?? dataset.defaultEmbedding;
  if (embedding !== null) keep(layoutKey(embedding), places);
  const painted =
    view.color === undefined ? dataset.defaultColor && obsKey(dataset.defaultColor) : keyOf(view);
  const ofGenes = view.color?.kind === "gene" || view.color?.kind === "set";
  const trusted = !ofGenes || dataset.varIndex === USUAL_INDEX;
  if (painted && trusted && paint?.type !== "application/json") keep(painted, paint);
  return { arrival: come, dataset, layout, status: json(status), columns };
}

function keyOf({ color }: Partial<ViewState>): ColumnKey | null {
  return color ? sourceKey(color) : null;
}

/** null where the server refuses; other failures (a capability that expired) stay failures. */
async function optional(answer: Promise<Answer>): Promise<Answer | null> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof ApiError && error.code !== "expired") return null;
    throw error;
  }
}

function datasetInfo({ schema }: SchemaDoc, { config }: ConfigDoc, customColors: ColorsDoc): DatasetInfo {
  const { obs, var: genes } = schema.annotations;
  const { parameters } = config;
  const embeddings = schema.layout.obs.map((layout) => layout.name);
  const preferred = config.parameters.default_embedding;
  return {
    title: config.displayNames.dataset,
    nObs: schema.dataframe.nObs,
    nVar: schema.dataframe.nVar,
    obs: obs.columns
      .filter((column) => column.name !== obs.index)
      .map(({ name, type, categories, writable }) => {
        const info: ObsColumnInfo = { name, kind: KINDS[type] ?? "string", writable };
        // JSON has lost how Python writes numbers: those come with the column.
        if (type === "boolean") info.categories = ["False", "True"];
        else if (categories?.every((category) => typeof category === "string")) info.categories = categories;
        return info;
      }),
    obsIndex: obs.index,
    varIndex: genes.index,
    embeddings,
    defaultEmbedding: embeddings.includes(preferred) ? preferred : (embeddings[0] ?? null),
    defaultColor: config.parameters.default_color ?? null,
    leftOut: config.left_out ?? [],
    missing: config.missing ?? {},
    images: tissueImages(config.images ?? {}),
    engine: config.displayNames.engine,
    about: webAddress((config.links as Record<string, unknown> | undefined)?.["about-dataset"]),
    layers: config.layers ?? [],
    varColumns: genes.columns
      .filter(({ name }) => name !== genes.index)
      .map(({ name, type }) => ({ name, type })),
    annotating: parameters.annotations === true,
    savesGeneSets: parameters.annotations_genesets === true && !parameters.annotations_genesets_readonly,
    maxCategories: config.parameters["max-category-items"] || Number.POSITIVE_INFINITY,
    customColors,
  };
}

/** Images have their y axis downwards; the viewer's coordinates point up. */
function tissueImages(images: Record<string, ImageDoc[]>): DatasetInfo["images"] {
  const placed = ({ name, left, top, right, bottom, spot }: ImageDoc): TissueImage => ({
    name,
    box: { left, right, top: 1 - top, bottom: 1 - bottom },
    spot,
  });
  return Object.fromEntries(Object.entries(images).map(([embedding, all]) => [embedding, all.map(placed)]));
}

/** An address that a link may lead to; a file may say anything. */
function webAddress(text: unknown): string | null {
  return typeof text === "string" && /^https?:\/\//i.test(text) ? text : null;
}

/** What colors the points where nothing else is asked for. */
export function defaultColor({ defaultColor: name }: DatasetInfo): ViewState["color"] {
  return name === null ? null : { kind: "obs", name };
}
