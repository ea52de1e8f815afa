// What the server says, as TypeScript. The routes are cellxgene's v0.2 (docs/api.md); the viewer asks
// them through POST {dataset}/ask: one simple request, several questions, the capability in the body.

/** The JSON that the server puts into the page, <script id="cxg-config" type="application/json">. */
export interface PageConfig {
  id: string;
  title: string;
  root: string; // absolute path of the dataset, ends in "/": "/user/alice/cxg/d/3f…/"
  capability: string | null; // null on the page of a link, where it is in the fragment
  version: string;
  sharing?: boolean; // whether links to this view may be made
  views?: boolean; // whether views may be saved
  link?: string; // id of the link that this page was opened by
  state?: unknown; // the view state to begin with, not checked yet
  opening?: boolean; // the file is only being opened: ask for the status until it is more than that
}

export type ColumnType = "boolean" | "string" | "categorical" | "float32" | "int32";

export interface ColumnSchema {
  name: string;
  type: ColumnType;
  categories?: (string | number | boolean)[];
  writable: boolean;
}

export interface SchemaDoc {
  schema: {
    dataframe: { nObs: number; nVar: number; type: string };
    annotations: {
      obs: { index: string; columns: ColumnSchema[] };
      var: { index: string; columns: ColumnSchema[] };
    };
    layout: { obs: { name: string; type: string; dims: [string, string] }[] };
  };
}

export interface ConfigDoc {
  config: {
    displayNames: { dataset: string; engine: string };
    parameters: {
      default_embedding: string;
      default_color: string | null; // an obs column with valid uns colours, else null
      "max-category-items": number;
      [key: string]: unknown;
    };
    // what of the AnnData is not shown, one sentence each: {where: "obs['collected']", reason: "…"}
    left_out: { where: string; reason: string }[];
    // obsm name (without X_) → number of cells without a place in it
    missing: Record<string, number>;
    // embedding → the tissue images beneath it, in its unit square, whose y axis then points down
    images?: Record<string, ImageDoc[]>;
    layers: string[];
    [key: string]: unknown;
  };
}

export interface ImageDoc {
  name: string; // as the question "image?name=…" takes it
  width: number; // pixels
  height: number;
  left: number;
  top: number;
  right: number;
  bottom: number;
  spot: number | null; // diameter of a spot
}

/** What the dataset says of itself in uns. */
export interface FactsDoc {
  facts: { name: string; value: string }[];
  published: string; // ISO 8601
}

/** Column → category → "#rrggbb"; only columns whose uns colours are complete and valid. */
export type ColorsDoc = Record<string, Record<string, string>>;

export interface StatusDoc {
  revision: number;
  state: "opening" | "publishing" | "complete";
  progress: { label: string; fraction: number } | null; // opening, publishing or indexing
}

/**
 * Questions are relative v0.2 URLs ("schema", "layout/obs?layout-name=umap", "annotations/obs?annotation-name=louvain",
 * "annotations/var?annotation-name=name_0", "data/var?var:name_0=CD3D", "summarize/var?…") and some of our own:
 * "status", "default-layout" (the default embedding), "default-color" (that obs column, or JSON null) and
 * "view" (by what link the viewer was opened, and what that shows).
 */
export interface AskBody {
  capability: string;
  questions: string[];
}

export interface ViewDoc {
  link: { expires: string } | null;
  state: unknown; // a view state, not checked yet
  cells: Record<string, string>; // key → packed bitset in base64
}

/** The gene sets of who asks; `tid` is the number of their last save, in a PUT that of this one. */
export interface GeneSetsDoc {
  genesets: {
    geneset_name: string;
    geneset_description: string;
    genes: { gene_symbol: string; gene_description: string }[];
  }[];
  tid: number;
}

/** Columns as JSON: what is missing, NaN or infinite is null. */
export interface TableDoc {
  n_rows: number;
  names: string[];
  columns: (string | number | boolean | null)[][];
  metadata?: Record<string, string>;
}

/** A link as its owner sees it in the list. */
export interface LinkDoc {
  id: string;
  role: "view";
  created: string;
  expires: string; // ISO 8601, UTC
  note: string;
}

export interface LinksDoc {
  links: LinkDoc[];
  max_days: number;
}

/** A link to be made. */
export interface LinkWish {
  expires: string; // "7d"
  note: string;
  state: unknown;
  cells: Record<string, string>;
}

/** The one answer that has the secret. */
export interface NewLinkDoc extends LinkDoc {
  url_path: string; // "/user/alice/cxg/s/…#k=…"
  secret: string;
}

/**
 * The answer to ask: uint32 (little-endian) length of the header, the header as UTF-8 JSON padded with
 * spaces so that the body starts at a multiple of 64, then the body; every part starts at a multiple of 64
 * of it. Data parts are Arrow IPC streams, documents JSON.
 */
export interface AnswersHeader {
  answers: AnswerHeader[];
}

export type AnswerHeader =
  | { status: 200; type: string; offset: number; length: number }
  | { status: number; code: string; message: string };

/** A saved view in the list of the user. */
export interface SavedViewDoc {
  id: string;
  name: string;
  about: string; // what it shows, in a few words
  at: string; // ISO 8601, UTC
  revision: number; // of the dataset that it was saved on
  same_data: boolean; // saved on what is there now
  same_cells: boolean;
}

export interface SavedViewsDoc {
  views: SavedViewDoc[]; // newest first
  revision: number;
}

export interface WholeViewDoc extends SavedViewDoc {
  state: unknown; // a view state, not checked yet
  cells: Record<string, string>; // key → packed bitset in base64
}

/** Whether annotations are still what this page has seen. */
export interface AnnotatedDoc {
  version: number;
  token: string;
  collection: string | null;
}

export interface EditedDoc {
  version: number;
  token: string;
}

/** The edits of annotations and gene sets, newest first. */
export interface HistoryDoc {
  version: number;
  history: { version: number; at: string; who: string; what: string }[];
}

/** What became of an uploaded file of annotations. */
export interface LabelsSavedDoc {
  version: number;
  cells: number;
  matched: number;
  unknown: number;
  unknown_names: string[]; // the first of them
}

/** A term of an ontology; `id` may be empty. */
export interface TermDoc {
  id: string;
  name: string;
  synonyms: string[];
}

/** Every error body of the server. `code` is stable, `message` is a sentence for people. */
export interface ErrorBody {
  code:
    | "bad_query"
    | "not_found"
    | "forbidden"
    | "expired"
    | "sharing_off"
    | "not_ready"
    | "too_large"
    | "not_acceptable"
    | "conflict"
    | "unavailable"
    | "not_offered"
    | "unpublishable"
    | "error";
  message: string;
}

/** A job: a comparison that may take long (docs/api.md, "jobs"). */
export interface JobDoc {
  job: string;
  state: "queued" | "running" | "done" | "failed" | "cancelled";
  position: number | null; // 1 = the next in line
  progress: { label: string; fraction: number } | null;
  message: string | null; // why it failed
  code?: string;
}

export interface EventDoc {
  job?: JobDoc;
  status?: StatusDoc;
}

/** Genes that scanpy has ranked, under a key of uns. */
export interface RankingDoc {
  key: string;
  column: string;
  reference: string;
  method: string;
  groups: string[];
}
