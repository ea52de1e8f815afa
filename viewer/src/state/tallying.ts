// Keeps the crossfilter in step with the view: which columns are counted, which filters hold, what came out.

import { clipBounds, isClipped, type NumberRange, rangeWithin } from "../data/clip";
import type { ColumnCache } from "../data/columns";
import { type Counting, type CountingResult, createCounting } from "../data/counting";
import { EVERYTHING, type ResolvedFilter, type Scope } from "../data/crossfilter";
import { type ColumnKey, obsKey, parseKey, sourceKey } from "../data/keys";
import { neededBy, resolve, resolveGroup } from "../data/resolve";
import { edges } from "../data/slots";
import type { ContinuousColumn, LoadedColumn } from "../data/values";
import { HIDDEN } from "../lib/pointState";
import type { CategoryCounts, Counts, HistogramCounts } from "./counts";
import { subject } from "./filters";
import { leavesOf } from "./selecting";
import type { Filter, Source, ViewState } from "./state";

export class Tallying implements Counts {
  /** Whether a filter waits for its column: then `selected` is not yet what the filters say. */
  pending = false;
  nSelected: number;
  private readonly counting: Counting;
  private readonly counted = new Set<ColumnKey>();
  private readonly revised = new Map<ColumnKey, number>(); // how often the values have changed
  private readonly cells = new Map<string, number>(); // key → how often it was set
  private readonly cached = new Map<string, CategoryCounts | HistogramCounts | null>();
  private readonly ranged = new Map<ColumnKey, ContinuousColumn>(); // numbers with the range that counts
  private readonly found = new WeakMap<
    ContinuousColumn,
    { inside: Uint8Array | null; clip: Scope["clip"]; range: NumberRange }
  >();
  private scope = EVERYTHING;
  private mask: Uint8Array;
  private points: Uint8Array; // the mask, with what is not in the subset hidden
  private result: CountingResult | null = null;

  constructor(
    n: number,
    private readonly columns: ColumnCache,
    private readonly onResult: (selectionChanged: boolean) => void,
    startWorker: (() => Worker) | null,
  ) {
    this.mask = new Uint8Array(n).fill(1);
    this.points = this.mask;
    this.nSelected = n;
    this.counting = createCounting(n, (result) => this.receive(result), startWorker);
  }

  /** Counts what is loaded and useful: obs columns, the view's genes, the filters' embeddings. */
  follow(view: Scoped, genes: ReadonlySet<ColumnKey>, loaded: Iterable<ColumnKey>): void {
    const useful = new Set(leavesOf([...view.filters, ...view.subset.flat()]).map(neededBy));
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
    for (const key of this.ranged.keys()) if (!this.columns.get(key)) this.ranged.delete(key);
    this.setFilters(view);
  }

  /** A column has other values by now: it is counted anew, and filters on it mean other cells. */
  revise(key: ColumnKey): void {
    this.counted.delete(key);
    this.revised.set(key, (this.revised.get(key) ?? 0) + 1);
  }

  get nInside(): number {
    return this.result?.nInside ?? this.mask.length;
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
      const range = this.result?.ranges.get(key);
      const column = this.columns.get(key);
      if (!tallies || !range || Number.isNaN(range.min) || column?.kind !== "continuous") return null;
      return {
        edges: edges(range, column.integer),
        range,
        total: tallies.total.subarray(1),
        selected: tallies.selected.subarray(1),
      };
    });
  }

  shown(key: ColumnKey): LoadedColumn | undefined {
    const column = this.columns.get(key);
    if (column?.kind !== "continuous") return column;
    const { min, max } = this.rangeOf(key, column);
    if (min === column.min && max === column.max) return column;
    const missing = this.result?.tallies.get(key)?.total[0] ?? column.missing;
    const before = this.ranged.get(key);
    const same = before?.values === column.values && before.missing === missing;
    if (same && Object.is(before.min, min) && Object.is(before.max, max)) return before;
    const shown = { ...column, min, max, missing };
    this.ranged.set(key, shown);
    return shown;
  }

  inside(): Uint8Array | null {
    return this.result?.inside ?? null;
  }

  pointState(): Uint8Array {
    return this.points;
  }

  selected(): Uint8Array {
    return this.mask;
  }

  dispose(): void {
    this.counting.dispose();
  }

  private setFilters({ filters, subset, clip }: Scoped): void {
    const resolved = filters.map((filter) => this.resolved(filter));
    const scope = this.resolvedScope(subset, clip);
    this.pending = scope === null || resolved.includes(null);
    this.scope = scope ?? this.scope;
    this.counting.setFilters(
      resolved.filter((filter) => filter !== null),
      this.scope,
    );
  }

  private resolvedScope(subset: Filter[][], clip: Scope["clip"]): Scope | null {
    if (subset.length === 0 && !isClipped(clip)) return EVERYTHING;
    const all = subset.flat().map((filter) => this.resolved(filter));
    if (all.includes(null)) return null;
    const resolved = all.filter((filter) => filter !== null);
    return { id: JSON.stringify([clip, resolved.map(({ id }) => id)]), subset: resolved, clip };
  }

  /** Counted columns have it from there; of others, such as a gene that only colors, it is found here. */
  private rangeOf(key: ColumnKey, column: ContinuousColumn): NumberRange {
    const known = this.result?.ranges.get(key);
    if (known) return known;
    const inside = this.inside();
    const { clip } = this.scope;
    if (inside === null && !isClipped(clip)) return column;
    const found = this.found.get(column);
    if (found && found.inside === inside && found.clip === clip) return found.range;
    const range = rangeWithin(column.values, clipBounds(column, clip), inside);
    this.found.set(column, { inside, clip, range });
    return range;
  }

  private resolved(filter: Filter): ResolvedFilter | null {
    if (filter.kind === "group") {
      return resolveGroup(filter, subject(filter), (inner) => this.resolved(inner));
    }
    const key = neededBy(filter);
    const column = key === null ? undefined : this.columns.get(key);
    const found = resolve(filter, subject(filter), column, (cells) => this.cells.has(cells));
    // The same key may be given other cells later: then it is another filter.
    if (filter.kind === "cells" && found) found.id += `/${this.cells.get(filter.key)}`;
    if (found && key !== null && this.revised.has(key)) found.id += `~${this.revised.get(key)}`;
    return found;
  }

  private receive(result: CountingResult): void {
    const moved = result.inside !== this.inside();
    const changed = moved || !equal(result.selected, this.mask);
    this.result = result;
    this.cached.clear();
    // The same object while nothing changed: whoever draws it need not draw again.
    if (changed) this.mask = result.selected;
    if (changed) this.points = result.inside ? withHidden(this.mask, result.inside) : this.mask;
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

type Scoped = Pick<ViewState, "filters" | "subset" | "clip">;

function withHidden(mask: Uint8Array, inside: Uint8Array): Uint8Array {
  const points = mask.slice();
  for (let i = 0; i < points.length; i++) if (inside[i] === 0) points[i] = HIDDEN;
  return points;
}

function equal(a: Uint8Array, b: Uint8Array): boolean {
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return a.length === b.length;
}
