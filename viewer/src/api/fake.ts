// The client's twin without a server: answers the same questions in the same bytes, from memory. For tests
// and for working on the interface.

import { columnFromArray, float32 } from "@uwdata/flechette";
import type { Answer } from "./answers";
import type { AskOptions, Client, Reach } from "./client";
import { ApiError } from "./errors";
import { SILENT } from "./events";
import { arrow, type FakeData, fakeData } from "./fakeData";
import type {
  GeneSetsDoc,
  LinkDoc,
  LinksDoc,
  LinkWish,
  NewLinkDoc,
  StatusDoc,
  TableDoc,
  ViewDoc,
} from "./types";

const ARROW = "application/vnd.apache.arrow.stream";

export class FakeClient implements Client {
  /** Every question asked, in order. */
  readonly asked: string[] = [];
  status: StatusDoc = { revision: 1, state: "complete", progress: null };
  view: ViewDoc = { link: null, state: {}, cells: {} };
  sets: GeneSetsDoc = { genesets: [], tid: 0 };
  /** The links that were made, newest first, and what was wished for. */
  links: LinkDoc[] = [];
  readonly wishes: LinkWish[] = [];
  readonly events = SILENT;
  private readonly refusals = new Map<string, ApiError>();
  private readonly held = new Map<string, Promise<void>>();
  private readonly listeners: ((reach: Reach) => void)[] = [];

  constructor(readonly data: FakeData = fakeData()) {}

  async ask(question: string, { signal }: AskOptions = {}): Promise<Answer> {
    this.asked.push(question);
    const aborted = new Promise<never>((_, reject) => {
      signal?.addEventListener("abort", () => reject(signal.reason), { once: true });
    });
    signal?.throwIfAborted();
    await Promise.race([this.held.get(question), aborted]);
    const refusal = this.refusals.get(question);
    if (refusal) throw refusal;
    return this.answer(question);
  }

  async call<T>(method: string, route: string, body?: unknown): Promise<T> {
    const refusal = this.refusals.get(route);
    if (refusal) throw refusal;
    if (route === "api/v0.2/genesets") return this.saveSets(body as GeneSetsDoc) as T;
    const id = route.split("/")[1];
    if (method === "GET") return { links: this.links, max_days: 90 } satisfies LinksDoc as T;
    if (method === "DELETE") {
      this.links = this.links.filter((link) => link.id !== id);
      return undefined as T;
    }
    const wish = body as LinkWish;
    this.wishes.push(wish);
    const made: LinkDoc = {
      id: String(this.wishes.length).padStart(16, "0"),
      role: "view",
      created: "2026-11-21T09:00:00+00:00",
      expires: "2026-11-28T09:00:00+00:00",
      note: wish.note,
    };
    this.links = [made, ...this.links];
    return { ...made, url_path: `/cxg/s/${made.id}#k=secret`, secret: "secret" } satisfies NewLinkDoc as T;
  }

  async table(route: string): Promise<TableDoc> {
    const refusal = this.refusals.get(route);
    if (refusal) throw refusal;
    return { n_rows: 0, names: [], columns: [] };
  }

  async transfer(_method: "GET" | "PUT", route: string): Promise<Blob> {
    throw missing(`file "${route}"`);
  }

  onReach(listener: (reach: Reach) => void): void {
    this.listeners.push(listener);
  }

  dispose(): void {
    this.listeners.length = 0;
  }

  /** From now on this question is refused; null: answered again. */
  refuse(question: string, error: ApiError | null): void {
    if (error) this.refusals.set(question, error);
    else this.refusals.delete(question);
  }

  /** Answers to this question wait until the returned function is called. */
  hold(question: string): () => void {
    let release = () => {};
    this.held.set(question, new Promise((resolve) => (release = resolve)));
    return () => {
      this.held.delete(question);
      release();
    };
  }

  setReach(reach: Reach): void {
    for (const listener of this.listeners) listener(reach);
  }

  private saveSets(sent: GeneSetsDoc): GeneSetsDoc {
    if (sent.tid <= this.sets.tid) throw new ApiError("not_found", "TID is stale.");
    this.sets = structuredClone(sent);
    return this.sets;
  }

  private answer(question: string): Answer {
    const [path = "", query = ""] = question.split("?");
    const [name = "", value = ""] = query.split("=").map(decodeURIComponent);
    const { data } = this;
    switch (path) {
      case "schema":
        return document(data.schema);
      case "config":
        return document(data.config);
      case "colors":
        return document(data.colors);
      case "status":
        return document(this.status);
      case "view":
        return document(this.view);
      case "genesets":
        return document(structuredClone(this.sets));
      case "default-layout":
        return this.layout(data.config.config.parameters.default_embedding);
      case "default-color": {
        const column = data.config.config.parameters.default_color;
        return column === null ? document(null) : this.obs(column);
      }
      case "layout/obs":
        return this.layout(value);
      case "annotations/obs":
        return this.obs(value);
      case "annotations/var":
        return table({ [value]: data.geneNames });
      case "summarize/var":
        return this.mean(query);
      case "data/var": {
        const gene = decodeURIComponent(value);
        if (!name.startsWith("var:") || !data.genes.includes(gene)) throw missing(`gene "${gene}"`);
        return table({ [String(data.genes.indexOf(gene))]: data.gene(gene) });
      }
      default:
        throw new ApiError("bad_query", `"${question}" is not a question.`);
    }
  }

  private layout(name: string): Answer {
    const places = this.data.layouts[name];
    if (!places) throw missing(`embedding "${name}"`);
    return table({ [`${name}_0`]: places[0], [`${name}_1`]: places[1] });
  }

  private mean(query: string): Answer {
    const genes = query
      .split("&")
      .slice(1)
      .map((part) => decodeURIComponent(decodeURIComponent(part.split("=")[1]!)));
    const columns = genes.map((gene) => this.data.gene(gene).toArray() as Float32Array);
    const means = columns[0]!.map(
      (_, i) => columns.reduce((sum, column) => sum + column[i]!, 0) / genes.length,
    );
    return table({ summary: columnFromArray(means, float32()) });
  }

  private obs(name: string): Answer {
    const column = this.data.obs[name];
    if (!column) throw missing(`obs column "${name}"`);
    return table({ [name]: column });
  }
}

function missing(what: string): ApiError {
  return new ApiError("not_found", `There is no ${what} in this dataset.`);
}

function document(value: unknown): Answer {
  return { type: "application/json", bytes: new TextEncoder().encode(JSON.stringify(value)) };
}

function table(columns: Parameters<typeof arrow>[0]): Answer {
  return { type: ARROW, bytes: arrow(columns) };
}
