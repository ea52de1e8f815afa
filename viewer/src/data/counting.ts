// The crossfilter behind one interface, in this thread or in a worker: say what there is, get a result
// for the latest filters. Results are never older than what was shown before; those overtaken are skipped.

import type { NumberRange } from "./clip";
import { Crossfilter, EVERYTHING, type ResolvedFilter, type Scope, type Tallies } from "./crossfilter";
import type { ColumnKey } from "./keys";
import type { LoadedColumn } from "./values";

export interface CountingResult {
  selected: Uint8Array; // per cell 1 = passes all filters; a new array each time
  nSelected: number;
  scope: string; // id of the scope that was counted
  inside: Uint8Array | null; // per cell 1 = belongs to the subset; null: all do; the same array while it holds
  nInside: number;
  tallies: Map<ColumnKey, Tallies>;
  ranges: Map<ColumnKey, NumberRange>; // of numeric columns: over what their bins lie
}

export type CountingMessage =
  | { type: "start"; n: number }
  | { type: "column"; key: ColumnKey; column: LoadedColumn }
  | { type: "drop"; key: ColumnKey }
  | { type: "cells"; key: string; bits: Uint8Array }
  | { type: "run"; filters: ResolvedFilter[]; scope: Scope };

export interface Counting {
  /** Whether a newer result is still to come. */
  readonly busy: boolean;
  addColumn(key: ColumnKey, column: LoadedColumn): void;
  removeColumn(key: ColumnKey): void;
  addCells(key: string, bits: Uint8Array): void;
  setFilters(filters: ResolvedFilter[], scope?: Scope): void;
  dispose(): void;
}

/** From a worker: the subset's cells are sent when they are others than before. */
export type SentResult = Omit<CountingResult, "inside"> & { inside?: Uint8Array | null };

/** Cells above which counting leaves the main thread: below, it takes less than half a frame. */
export const WORKER_FROM = 100_000;

export function createCounting(
  n: number,
  onResult: (result: CountingResult) => void,
  startWorker: (() => Worker) | null,
): Counting {
  return startWorker && n > WORKER_FROM
    ? new WorkerCounting(n, onResult, startWorker)
    : new LocalCounting(n, onResult);
}

export function resultOf(crossfilter: Crossfilter): CountingResult {
  const tallies = new Map<ColumnKey, Tallies>();
  for (const [key, { total, selected }] of crossfilter.tallies()) {
    tallies.set(key, { total, selected: selected.slice() });
  }
  const { selected, nSelected, inside, nInside, scopeId: scope } = crossfilter;
  const ranges = crossfilter.ranges();
  return { selected: selected.slice(), nSelected, scope, inside, nInside, tallies, ranges };
}

/** In this thread; what is said in one tick is counted once, before the next frame. */
class LocalCounting implements Counting {
  private readonly crossfilter: Crossfilter;
  busy = false;
  private filters: ResolvedFilter[] = [];
  private scope = EVERYTHING;
  private disposed = false;

  constructor(
    n: number,
    private readonly onResult: (result: CountingResult) => void,
  ) {
    this.crossfilter = new Crossfilter(n);
  }

  addColumn(key: ColumnKey, column: LoadedColumn): void {
    this.crossfilter.addColumn(key, column);
    this.schedule();
  }

  removeColumn(key: ColumnKey): void {
    this.crossfilter.removeColumn(key);
  }

  addCells(key: string, bits: Uint8Array): void {
    this.crossfilter.addCells(key, bits);
    this.schedule();
  }

  setFilters(filters: ResolvedFilter[], scope = EVERYTHING): void {
    this.filters = filters;
    this.scope = scope;
    this.schedule();
  }

  dispose(): void {
    this.disposed = true;
  }

  private schedule(): void {
    if (this.busy) return;
    this.busy = true;
    queueMicrotask(() => {
      this.busy = false;
      if (this.disposed) return;
      this.crossfilter.setFilters(this.filters, this.scope);
      this.onResult(resultOf(this.crossfilter));
    });
  }
}

/** In a worker, one run at a time: while it counts, newer filters replace those that wait. */
class WorkerCounting implements Counting {
  private readonly worker: Worker;
  private fallback: Counting | null = null;
  private readonly columns = new Map<ColumnKey, LoadedColumn>();
  private readonly kept = new Set<ColumnKey>(); // embeddings that wait here until a filter needs them
  private readonly cells = new Map<string, Uint8Array>();
  private filters: ResolvedFilter[] = [];
  private scope = EVERYTHING;
  private inside: Uint8Array | null = null;
  private running = false;
  private dirty = false;

  constructor(
    private readonly n: number,
    private readonly onResult: (result: CountingResult) => void,
    startWorker: () => Worker,
  ) {
    this.worker = startWorker();
    this.worker.onmessage = ({ data }: MessageEvent<SentResult>) => {
      this.running = false;
      this.run();
      const { inside = this.inside, ...result } = data;
      this.inside = inside;
      this.onResult({ ...result, inside });
    };
    this.worker.onerror = () => this.fallBack();
    this.send({ type: "start", n });
  }

  get busy(): boolean {
    return this.fallback ? this.fallback.busy : this.dirty || this.running;
  }

  addColumn(key: ColumnKey, column: LoadedColumn): void {
    this.columns.set(key, column);
    if (this.fallback) {
      this.fallback.addColumn(key, column);
      return;
    }
    if (column.kind === "embedding") this.kept.add(key);
    else this.sendColumn(key, column);
    this.schedule();
  }

  private sendColumn(key: ColumnKey, column: LoadedColumn): void {
    // Views of a larger buffer would be sent with all of it: the worker gets a copy of its part.
    const copy = copied(column);
    this.send({ type: "column", key, column: copy.column }, copy.buffers);
  }

  removeColumn(key: ColumnKey): void {
    this.columns.delete(key);
    if (this.fallback) {
      this.fallback.removeColumn(key);
      return;
    }
    if (this.kept.delete(key)) return;
    this.send({ type: "drop", key });
  }

  addCells(key: string, bits: Uint8Array): void {
    this.cells.set(key, bits);
    if (this.fallback) {
      this.fallback.addCells(key, bits);
      return;
    }
    this.send({ type: "cells", key, bits: bits.slice() });
    this.schedule();
  }

  setFilters(filters: ResolvedFilter[], scope = EVERYTHING): void {
    this.filters = filters;
    this.scope = scope;
    if (this.fallback) {
      this.fallback.setFilters(filters, scope);
      return;
    }
    this.schedule();
  }

  dispose(): void {
    this.worker.terminate();
    this.fallback?.dispose();
  }

  private schedule(): void {
    this.dirty = true;
    queueMicrotask(() => this.run());
  }

  private run(): void {
    if (!this.dirty || this.running || this.fallback) return;
    this.dirty = false;
    this.running = true;
    for (const key of regionsOf([...this.filters, ...this.scope.subset])) {
      if (this.kept.delete(key)) this.sendColumn(key, this.columns.get(key)!);
    }
    this.send({ type: "run", filters: this.filters, scope: this.scope });
  }

  private send(message: CountingMessage, transfer: ArrayBufferLike[] = []): void {
    this.worker.postMessage(message, transfer as ArrayBuffer[]);
  }

  /** Where workers are forbidden or die, counting goes on here: slower, but right. */
  private fallBack(): void {
    if (this.fallback) return;
    this.worker.terminate();
    this.fallback = new LocalCounting(this.n, this.onResult);
    for (const [key, column] of this.columns) this.fallback.addColumn(key, column);
    for (const [key, bits] of this.cells) this.fallback.addCells(key, bits);
    this.fallback.setFilters(this.filters, this.scope);
  }
}

/** The embeddings in which these filters have regions. */
function regionsOf(filters: readonly ResolvedFilter[]): ColumnKey[] {
  return filters.flatMap((filter) => {
    if (filter.kind === "group") return regionsOf(filter.filters);
    return filter.kind === "region" ? [filter.key] : [];
  });
}

function copied(column: LoadedColumn): { column: LoadedColumn; buffers: ArrayBufferLike[] } {
  if (column.kind === "categorical") {
    const codes = column.codes.slice();
    return { column: { ...column, codes }, buffers: [codes.buffer] };
  }
  if (column.kind === "continuous") {
    const values = column.values.slice();
    return { column: { ...column, values }, buffers: [values.buffer] };
  }
  const [x, y] = [column.x.slice(), column.y.slice()];
  return { column: { ...column, x, y }, buffers: [x.buffer, y.buffer] };
}
