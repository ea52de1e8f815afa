// The first question round: everything the first picture needs, in one request.

import { type Answer, json } from "../api/answers";
import type { Client } from "../api/client";
import { ApiError } from "../api/errors";
import type { ColorsDoc, ColumnType, ConfigDoc, SchemaDoc, StatusDoc, ViewDoc } from "../api/types";
import { type ColumnKey, geneKey, layoutKey, obsKey, sourceKey } from "../data/keys";
import { decode, type Layout, question } from "../data/questions";
import type { LoadedColumn } from "../data/values";
import { type Arrival, arrival } from "./link";
import type { ViewState } from "./state";
import type { DatasetInfo, ObsColumnInfo } from "./store";

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
  const layout: Layout = { varIndex: dataset.varIndex, kind: (name) => kinds.get(name) };
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
  const trusted = view.color?.kind !== "gene" || dataset.varIndex === USUAL_INDEX;
  if (painted && trusted && paint?.type !== "application/json") keep(painted, paint);
  return { arrival: come, dataset, layout, status: json(status), columns };
}

function keyOf({ color }: Partial<ViewState>): ColumnKey | null {
  if (!color) return null;
  return color.kind === "gene" ? geneKey(color.name) : obsKey(color.name);
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
  const embeddings = schema.layout.obs.map((layout) => layout.name);
  const preferred = config.parameters.default_embedding;
  return {
    title: config.displayNames.dataset,
    nObs: schema.dataframe.nObs,
    nVar: schema.dataframe.nVar,
    obs: obs.columns
      .filter((column) => column.name !== obs.index)
      .map(({ name, type, categories }) => {
        const info: ObsColumnInfo = { name, kind: KINDS[type] ?? "string" };
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
    customColors,
  };
}
