// Keeps the crossfilter in step with the view: which columns are counted, which filters hold, what came out.

import type { ColumnCache } from "../data/columns";
import { type Counting, type CountingResult, createCounting } from "../data/counting";
import type { ResolvedFilter } from "../data/crossfilter";
import { type ColumnKey, obsKey, parseKey, sourceKey } from "../data/keys";
import { neededBy, resolve } from "../data/resolve";
import { edges } from "../data/slots";
import type { CategoryCounts, Counts, HistogramCounts } from "./counts";
import { subject } from "./filters";
import type { Filter, Source } from "./state";

export class Tallying implements Counts {
  /** Whether a filter waits for its column: then `selected` is not yet what the filters say. */
  pending = false;
  nSelected: number;
  private readonly counting: Counting;
  private readonly counted = new Set<ColumnKey>();
  private readonly cells = new Map<string, number>(); // key → how often it was set
  private readonly cached = new Map<string, CategoryCounts | HistogramCounts | null>();
  private mask: Uint8Array;
  private result: CountingResult | null = null;

  constructor(
    n: number,
    private readonly columns: ColumnCache,
    private readonly onResult: (selectionChanged: boolean) => void,
    startWorker: (() => Worker) | null,
  ) {
    this.mask = new Uint8Array(n).fill(1);
    this.nSelected = n;
    this.counting = createCounting(n, (result) => this.receive(result), startWorker);
  }

  /** Counts what is loaded and useful: obs columns, the view's genes, the filters' embeddings. */
  follow(filters: Filter[], genes: ReadonlySet<ColumnKey>, loaded: Iterable<ColumnKey>): void {
    const useful = new Set(filters.map(neededBy));
    const wanted = new Set<ColumnKey>();
    for (const key of loaded) {
      if (parseKey(key).axis === "obs" || genes.has(key) || useful.has(key)) wanted.add(key);
    }
    for (const key of this.counted) {
      if (wanted.has(key)) continue;
      this.counted.delete(key);
      this.counting.removeColumn(key);
    }
    for (const key of wanted) {
      const column = this.counted.has(key) ? undefined : this.columns.get(key);
      if (!column) continue;
      this.counted.add(key);
      this.counting.addColumn(key, column);
    }
    this.setFilters(filters);
  }

  get busy(): boolean {
    return this.counting.busy;
  }

  keepCells(key: string, bits: Uint8Array): void {
    this.cells.set(key, (this.cells.get(key) ?? 0) + 1);
    this.counting.addCells(key, bits);
  }

  categories(column: string): CategoryCounts | null {
    return this.once(obsKey(column), (key) => {
      const tallies = this.result?.tallies.get(key);
      if (!tallies || this.columns.get(key)?.kind !== "categorical") return null;
      return {
        total: tallies.total.subarray(1),
        selected: tallies.selected.subarray(1),
        missing: { total: tallies.total[0]!, selected: tallies.selected[0]! },
      };
    });
  }

  histogram(source: Source): HistogramCounts | null {
    return this.once(sourceKey(source), (key) => {
      const tallies = this.result?.tallies.get(key);
      const column = this.columns.get(key);
      if (!tallies || column?.kind !== "continuous" || Number.isNaN(column.min)) return null;
      return {
        edges: edges(column),
        total: tallies.total.subarray(1),
        selected: tallies.selected.subarray(1),
      };
    });
  }

  pointState(): Uint8Array {
    return this.mask; // SELECTED is bit 1, and nothing is hidden
  }

  selected(): Uint8Array {
    return this.mask;
  }

  dispose(): void {
    this.counting.dispose();
  }

  private setFilters(filters: Filter[]): void {
    const resolved = filters.map((filter) => this.resolved(filter));
    this.pending = resolved.includes(null);
    this.counting.setFilters(resolved.filter((filter) => filter !== null));
  }

  private resolved(filter: Filter): ResolvedFilter | null {
    const key = neededBy(filter);
    const column = key === null ? undefined : this.columns.get(key);
    const found = resolve(filter, subject(filter), column, (cells) => this.cells.has(cells));
    // The same key may be given other cells later: then it is another filter.
    if (filter.kind === "cells" && found) found.id += `/${this.cells.get(filter.key)}`;
    return found;
  }

  private receive(result: CountingResult): void {
    const changed = !equal(result.selected, this.mask);
    this.result = result;
    this.cached.clear();
    // The same object while nothing changed: whoever draws it need not draw again.
    if (changed) this.mask = result.selected;
    this.nSelected = result.nSelected;
    this.onResult(changed);
  }

  /** The same object until the next result, so that components may compare by identity. */
  private once<T extends CategoryCounts | HistogramCounts>(
    key: ColumnKey,
    make: (key: ColumnKey) => T | null,
  ): T | null {
    if (!this.cached.has(key)) this.cached.set(key, make(key));
    return this.cached.get(key) as T | null;
  }
}

function equal(a: Uint8Array, b: Uint8Array): boolean {
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return a.length === b.length;
}
