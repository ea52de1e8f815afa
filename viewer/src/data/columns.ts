// Columns by key: asked for once, kept while there is room, the least recently used dropped first.
// Columns that the view needs (pinned) are never dropped.

import type { Client, Priority } from "../api/client";
import { ApiError, isAbort } from "../api/errors";
import type { ColumnKey } from "./keys";
import { decode, type Layout, question } from "./questions";
import { scatterColumn, scatterParts } from "./scatter";
import { byteLength, type LoadedColumn } from "./values";

export interface Columns {
  /** The column, if it is here. */
  get(key: ColumnKey): LoadedColumn | undefined;
  /** Asks for the column unless it is here or on its way; `store.columns[key]` tells how it goes. */
  want(key: ColumnKey): void;
}

export type ColumnEvent =
  | { key: ColumnKey; status: "loading" }
  | { key: ColumnKey; status: "ready"; column: LoadedColumn }
  | { key: ColumnKey; status: "failed"; error: ApiError }
  | { key: ColumnKey; status: "dropped" }; // evicted, or no longer wanted

const MAX_BYTES = 512 * 2 ** 20;

export class ColumnCache implements Columns {
  // In order of use: a Map iterates from the least to the most recently used.
  private readonly loaded = new Map<ColumnKey, LoadedColumn>();
  private readonly loading = new Map<ColumnKey, { abort: AbortController; priority: Priority }>();
  private readonly failed = new Set<ColumnKey>();
  private readonly kept = new Set<ColumnKey>(); // made here: never dropped, and never asked for
  private pinned: ReadonlySet<ColumnKey> = new Set();
  private bytes = 0;

  constructor(
    private readonly client: Client,
    private readonly layout: Layout,
    private readonly onEvent: (event: ColumnEvent) => void,
    private readonly maxBytes = MAX_BYTES,
  ) {}

  get(key: ColumnKey): LoadedColumn | undefined {
    const column = this.loaded.get(key);
    if (column) {
      this.loaded.delete(key);
      this.loaded.set(key, column);
    }
    return column;
  }

  want(key: ColumnKey, priority: Priority = "low"): void {
    if (this.loaded.has(key) || this.failed.has(key)) return;
    const asked = this.loading.get(key);
    if (asked && (asked.priority === "high" || priority === "low")) return;
    // Needed sooner than it was asked for: the question in the slow lane is taken back.
    asked?.abort.abort();
    const abort = new AbortController();
    this.loading.set(key, { abort, priority });
    if (!asked) this.onEvent({ key, status: "loading" });
    const parts = scatterParts(key);
    if (!parts) void this.load(key, priority, abort.signal);
    for (const part of parts ?? []) {
      this.want(part, priority);
      this.combine(part);
    }
  }

  retry(key: ColumnKey): void {
    for (const each of [key, ...(scatterParts(key) ?? [])]) this.failed.delete(each);
    this.want(key, "high");
  }

  /** A column that arrived by another way (the first paint asks for "the default" ones). */
  put(key: ColumnKey, column: LoadedColumn): void {
    this.loading.get(key)?.abort.abort();
    this.loading.delete(key);
    this.forget(key);
    this.loaded.set(key, column);
    this.bytes += byteLength(column);
    this.onEvent({ key, status: "ready", column });
    this.makeRoom(key);
    this.combine(key);
  }

  /** A column that is made in this page; null: it is no more. */
  keep(key: ColumnKey, column: LoadedColumn | null): void {
    if (column) {
      this.kept.add(key);
      this.failed.delete(key);
      this.put(key, column);
    } else {
      this.kept.delete(key);
      this.forget(key);
      this.onEvent({ key, status: "dropped" });
    }
  }

  /** Stops asking for a column that nobody wants any more. */
  cancel(key: ColumnKey): void {
    const asked = this.loading.get(key);
    if (!asked) return;
    this.loading.delete(key);
    asked.abort.abort();
    this.onEvent({ key, status: "dropped" });
  }

  isLoading(key: ColumnKey): boolean {
    return this.loading.has(key);
  }

  loadingKeys(): ColumnKey[] {
    return [...this.loading.keys()];
  }

  loadedKeys(): ColumnKey[] {
    return [...this.loaded.keys()];
  }

  pin(keys: ReadonlySet<ColumnKey>): void {
    this.pinned = keys;
  }

  get size(): number {
    return this.bytes;
  }

  dispose(): void {
    for (const { abort } of this.loading.values()) abort.abort();
    this.loading.clear();
    this.loaded.clear();
  }

  private async load(key: ColumnKey, priority: Priority, signal: AbortSignal): Promise<void> {
    try {
      const answer = await this.client.ask(question(key, this.layout), { signal, priority });
      if (!signal.aborted) this.put(key, decode(key, this.layout, answer));
    } catch (error) {
      if (signal.aborted || isAbort(error)) return;
      const waiting = [...this.loading.keys()].filter((other) => scatterParts(other)?.includes(key));
      for (const lost of [key, ...waiting]) {
        this.loading.delete(lost);
        this.failed.add(lost);
        this.onEvent({ key: lost, status: "failed", error: asApiError(error) });
      }
    }
  }

  /** Scatters that were waiting for this column. */
  private combine(part: ColumnKey): void {
    for (const key of this.loading.keys()) {
      const parts = scatterParts(key);
      if (!parts?.includes(part)) continue;
      const [x, y] = parts.map((each) => this.get(each));
      if (x && y) this.put(key, scatterColumn(x, y));
    }
  }

  private makeRoom(newest: ColumnKey): void {
    for (const key of [...this.loaded.keys()]) {
      if (this.bytes <= this.maxBytes) return;
      if (key === newest || this.pinned.has(key) || this.kept.has(key)) continue;
      this.forget(key);
      this.onEvent({ key, status: "dropped" });
    }
  }

  private forget(key: ColumnKey): void {
    const column = this.loaded.get(key);
    if (!column) return;
    this.loaded.delete(key);
    this.bytes -= byteLength(column);
  }
}

function asApiError(error: unknown): ApiError {
  if (error instanceof ApiError) return error;
  return new ApiError("undecodable", "The server's answer could not be read.", { cause: error });
}
