// The crossfilter behind one interface, in this thread or in a worker: say what there is, get a result
// for the latest filters. Results are never older than what was shown before; those overtaken are skipped.

import type { NumberRange } from "./clip";
import { Crossfilter, EVERYTHING, type ResolvedFilter, type Scope, type Tallies } from "./crossfilter";
import type { ColumnKey } from "./keys";
import type { ContinuousColumn, EmbeddingColumn, LoadedColumn } from "./values";

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
  | { type: "lend"; key: ColumnKey; column: ContinuousColumn | EmbeddingColumn }
  | { type: "giveBack" }
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

/** After this long without a question the worker's copies of numbers are given back. */
const IDLE_MILLISECONDS = 1000;

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
  const tallies = crossfilter.tallies();
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

/**
 * In a worker, one run at a time: while it counts, newer filters replace those that wait. The worker keeps
 * bins, and borrows the numbers behind them while filters on them change.
 */
class WorkerCounting implements Counting {
  private readonly worker: Worker;
  private fallback: Counting | null = null;
  private readonly columns = new Map<ColumnKey, LoadedColumn>();
  private readonly lent = new Set<ColumnKey>();
  private readonly cells = new Map<string, Uint8Array>();
  private filters: ResolvedFilter[] = [];
  private scope = EVERYTHING;
  private known = { filters: new Set<string>(), scope: EVERYTHING.id }; // what the last run was about
  private inside: Uint8Array | null = null;
  private running = false;
  private dirty = false;
  private idle: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly n: number,
    private readonly onResult: (result: CountingResult) => void,
    startWorker: () => Worker,
  ) {
    this.worker = startWorker();
    this.worker.onmessage = ({ data }: MessageEvent<SentResult>) => {
      this.running = false;
      this.run();
      this.rest();
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
    this.changed(key);
    // Of an embedding nothing is counted: it stays here until a filter needs it.
    if (column.kind !== "embedding") this.sendColumn(key, column);
    this.schedule();
  }

  removeColumn(key: ColumnKey): void {
    this.columns.delete(key);
    if (this.fallback) {
      this.fallback.removeColumn(key);
      return;
    }
    this.changed(key);
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
    clearTimeout(this.idle);
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
    clearTimeout(this.idle);
    this.lend();
    this.send({ type: "run", filters: this.filters, scope: this.scope });
  }

  /** The numbers that this run looks at: those of changed filters; of all columns where others count. */
  private lend(): void {
    const { filters, scope, known, columns, lent } = this;
    const rescoped = scope.id !== known.scope;
    const news = rescoped
      ? [...filters, ...scope.subset]
      : filters.filter((filter) => !known.filters.has(idOf(filter)));
    const needed = new Set(measuredBy(news));
    if (rescoped) for (const [key, { kind }] of columns) if (kind === "continuous") needed.add(key);
    for (const key of needed) {
      const column = columns.get(key);
      if (!column || column.kind === "categorical" || lent.has(key)) continue;
      lent.add(key);
      const copy = copied(column);
      this.send({ type: "lend", key, column: copy }, arraysOf(copy));
    }
    this.known = { filters: new Set(filters.map(idOf)), scope: scope.id };
  }

  /** A filter that could not be applied, or was on other values, has to be looked at again. */
  private changed(key: ColumnKey): void {
    this.lent.delete(key);
    this.known.filters.clear();
  }

  private rest(): void {
    if (this.running || this.lent.size === 0) return;
    this.idle = setTimeout(() => {
      this.lent.clear();
      this.send({ type: "giveBack" });
    }, IDLE_MILLISECONDS);
  }

  /** Views of a larger buffer would be sent with all of it: the worker gets a copy of its part. */
  private sendColumn(key: ColumnKey, column: LoadedColumn): void {
    const copy = copied(column);
    this.send({ type: "column", key, column: copy }, arraysOf(copy));
  }

  /** Of the arrays nothing is left here. */
  private send(message: CountingMessage, arrays: ArrayBufferView[] = []): void {
    const buffers = arrays.map(({ buffer }) => buffer as ArrayBuffer);
    this.worker.postMessage(message, buffers);
  }

  /** Where workers are forbidden or die, counting goes on here: slower, but right. */
  private fallBack(): void {
    if (this.fallback) return;
    clearTimeout(this.idle);
    this.worker.terminate();
    this.fallback = new LocalCounting(this.n, this.onResult);
    for (const [key, column] of this.columns) this.fallback.addColumn(key, column);
    for (const [key, bits] of this.cells) this.fallback.addCells(key, bits);
    this.fallback.setFilters(this.filters, this.scope);
  }
}

const idOf = ({ subject, id }: ResolvedFilter): string => `${subject} ${id}`;

/** The columns whose numbers decide who passes these filters. */
function measuredBy(filters: readonly ResolvedFilter[]): ColumnKey[] {
  return filters.flatMap((filter) => {
    if (filter.kind === "group") return measuredBy(filter.filters);
    return filter.kind === "region" || filter.kind === "range" ? [filter.key] : [];
  });
}

function copied<T extends LoadedColumn>(column: T): T {
  if (column.kind === "categorical") return { ...column, codes: column.codes.slice() };
  if (column.kind === "continuous") return { ...column, values: column.values.slice() };
  return { ...column, x: column.x.slice(), y: column.y.slice() };
}

export function arraysOf(column: LoadedColumn): ArrayBufferView[] {
  if (column.kind === "categorical") return [column.codes];
  return column.kind === "continuous" ? [column.values] : [column.x, column.y];
}
