// Annotations between this page and the server: read whole, saved in part, as bytes that both understand.

import { json } from "../api/answers";
import { arrowColumns, arrowMetadata, categorical, isDictionary } from "../api/arrow";
import type { Client } from "../api/client";
import type { AnnotatedDoc, EditedDoc, HistoryDoc, LabelsSavedDoc, TermDoc } from "../api/types";
import { type Annotated, difference, type Labels, sized } from "../data/labels";
import { toBase64 } from "../lib/base64";
import { deflate } from "../lib/deflate";

/** What the server has, and the token that names it. */
export interface Stored {
  all: Annotated;
  token: string;
  collection: string;
}

export class AnnotationStore {
  constructor(private readonly client: Client) {}

  async read(signal?: AbortSignal): Promise<Stored> {
    const answer = await this.client.ask("annotations", signal ? { signal } : {});
    const about = arrowMetadata(answer);
    const columns = arrowColumns(answer).flatMap(({ name, column }): [string, Labels][] => {
      // Whole numbers, which other clients may store, are no labels; they stay as they are.
      if (!isDictionary(column)) return [];
      const { codes, categories } = categorical(column);
      return [[name, sized(categories, codes)]];
    });
    return {
      all: new Map(columns),
      token: about.get("token") ?? "",
      collection: about.get("collection") ?? "",
    };
  }

  /** The token of what is stored now. */
  async token(): Promise<string> {
    return json<AnnotatedDoc>(await this.client.ask("annotated", { priority: "low" })).token;
  }

  /** Rejects with the code "conflict" when something else than `before` is stored. */
  async save(before: Stored, after: Annotated, what: string): Promise<string> {
    const { changed, removed } = difference(before.all, after);
    const columns: Record<string, unknown> = {};
    for (const [name, { categories, codes }] of changed)
      columns[name] = { categories, codes: await packed(codes) };
    const body = { columns, remove: removed, token: before.token, what: what || null };
    return (await this.client.call<EditedDoc>("POST", "annotations", body)).token;
  }

  history(): Promise<HistoryDoc> {
    return this.client.call("GET", "history");
  }

  async restore(version: number, seen: number): Promise<void> {
    await this.client.call("POST", "history", { restore: version, version: seen, only: "annotations" });
  }

  download(file: "annotations.csv" | "backup"): Promise<Blob> {
    return this.client.transfer("GET", file);
  }

  async upload(file: Blob, keepOthers: boolean): Promise<LabelsSavedDoc> {
    const answer = await this.client.transfer("PUT", `annotations.csv?add=${keepOthers}`, file);
    return JSON.parse(await answer.text()) as LabelsSavedDoc;
  }

  async terms(): Promise<TermDoc[]> {
    return json<{ terms: TermDoc[] }>(await this.client.ask("terms")).terms;
  }
}

/** int32, little-endian, deflated, base64: what `POST annotations` takes. */
export async function packed(codes: ArrayLike<number>): Promise<string> {
  return toBase64(await deflate(new Uint8Array(Int32Array.from(codes).buffer)));
}
