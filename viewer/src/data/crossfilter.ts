// Which cells pass all filters, and how many of them lie in each category and bin: pure arithmetic on
// typed arrays, run in a worker for large datasets. Per cell we keep how many filters it fails, so
// that changing one filter costs one pass over that filter alone; counts are corrected by the
// cells that changed sides, which are few while a brush is dragged.

import { countMask, unpackBits } from "../lib/bitset";
import { release } from "../lib/release";
import type { RegionStep } from "../state/state";
import { type Clip, clipBounds, isClipped, NO_CLIP, type NumberRange, rangeWithin } from "./clip";
import type { ColumnKey } from "./keys";
import { groupMask, RegionMask, rangeMask } from "./masks";
import { binned, shifted } from "./slots";
import { type Cells, Strips, type Tallies } from "./strips";
import type { ContinuousColumn, EmbeddingColumn, LoadedColumn } from "./values";

export type { Tallies };

/** A filter with everything looked up: no names of categories, no columns that are not here. */
export type ResolvedFilter = { subject: string; id: string } & (
  | { kind: "categories"; key: ColumnKey; passing: Uint8Array } // by code + 1; [0] is for missing values
  | { kind: "range"; key: ColumnKey; min: number; max: number }
  | { kind: "region"; key: ColumnKey; steps: RegionStep[] }
  | { kind: "cells"; key: string }
  | { kind: "group"; op: "all" | "any"; not: boolean; filters: ResolvedFilter[] }
);

/** What is counted at all: the cells that pass all of `subset`, and of their numbers those within the clip. */
export interface Scope {
  id: string; // scopes with the same id are the same
  subset: ResolvedFilter[];
  clip: Clip;
}

export const EVERYTHING: Scope = { id: "", subset: [], clip: NO_CLIP };

/** Of numbers that are counted. */
interface Extent {
  bounds: NumberRange; // those of the clip
  range: NumberRange; // over which the bins lie
}

type Measured = ContinuousColumn | EmbeddingColumn;

interface Active {
  id: string;
  failing: Uint8Array; // per cell 1 = fails this filter
  region: RegionMask | null;
}

export class Crossfilter {
  /** Per cell 1 = belongs to the subset; null: all do. */
  inside: Uint8Array | null = null;
  nInside: number;
  private scope = EVERYTHING;
  /** Per cell 1 = belongs to the subset and passes all filters. */
  readonly selected: Uint8Array<ArrayBuffer>;
  nSelected: number;
  private readonly failures: Uint8Array; // per cell, how many filters it fails
  private readonly flipped: Uint32Array; // scratch: the cells that changed sides, if they are few
  private readonly strips = new Strips();
  private readonly extents = new Map<ColumnKey, Extent>();
  private readonly measured = new Map<ColumnKey, Measured>();
  private readonly cells = new Map<string, Uint8Array>();
  private readonly active = new Map<string, Active>();

  constructor(readonly n: number) {
    this.selected = new Uint8Array(n).fill(1);
    this.nSelected = n;
    this.nInside = n;
    this.failures = new Uint8Array(n);
    this.flipped = new Uint32Array((n >> 3) + 1); // of more than an eighth, all are counted anew
  }

  get scopeId(): string {
    return this.scope.id;
  }

  addColumn(key: ColumnKey, column: LoadedColumn): void {
    this.removeColumn(key);
    if (column.kind === "categorical") {
      this.strips.set(key, shifted(column.codes, column.categories.length));
      return;
    }
    this.measured.set(key, column);
    if (column.kind === "continuous") this.bin(key, column, clipBounds(column, this.scope.clip));
  }

  removeColumn(key: ColumnKey): void {
    this.strips.delete(key);
    this.extents.delete(key);
    this.measured.delete(key);
  }

  /** The numbers of a column that is counted: changed filters and scopes need them. */
  lend(key: ColumnKey, column: Measured): void {
    this.measured.set(key, column);
  }

  /** Gives numbers back, of all columns or of one; what was counted of them stays. */
  giveBack(...keys: ColumnKey[]): Measured[] {
    const wanted = keys.length > 0 ? keys : [...this.measured.keys()];
    return wanted.flatMap((key) => {
      const column = this.measured.get(key);
      this.measured.delete(key);
      return column ?? [];
    });
  }

  /** A set of cells that a "cells" filter names; bit i is cell i. */
  addCells(key: string, bits: Uint8Array): void {
    this.cells.set(key, unpackBits(bits, this.n));
  }

  tallies(): Map<ColumnKey, Tallies> {
    return this.strips.tallies(this.counted);
  }

  /** Of numbers: the smallest and the largest that count. */
  ranges(): Map<ColumnKey, NumberRange> {
    return new Map([...this.extents].map(([key, { range }]) => [key, range]));
  }

  setFilters(filters: ResolvedFilter[], scope: Scope = EVERYTHING): void {
    const rescoped = scope.id !== this.scope.id;
    if (rescoped) this.setScope(scope);
    const wanted = new Map(filters.map((filter) => [filter.subject, filter]));
    let changed = rescoped;
    for (const [subject, { failing }] of this.active) {
      if (wanted.has(subject)) continue;
      this.active.delete(subject);
      subtract(this.failures, failing);
      release(failing);
      changed = true;
    }
    for (const filter of filters) changed = this.setFilter(filter) || changed;
    if (changed) this.recount();
  }

  /** Other cells, or other numbers, count from now on: every column is counted anew. */
  private setScope(scope: Scope): void {
    const reclipped = String(scope.clip) !== String(this.scope.clip);
    this.scope = scope;
    if (this.inside) subtract(this.failures, opposite(this.inside));
    this.inside = scope.subset.length > 0 ? this.passingAll(scope.subset) : null;
    if (this.inside) add(this.failures, opposite(this.inside));
    this.nInside = this.inside ? countMask(this.inside) : this.n;
    if (reclipped) {
      // Filters by number mean other cells now.
      for (const { failing } of this.active.values()) subtract(this.failures, failing);
      this.active.clear();
    }
    this.strips.forget();
    for (const key of this.extents.keys()) if (this.measured.has(key)) this.strips.delete(key);
    for (const [key, { bounds }] of this.extents) {
      const column = this.measured.get(key);
      if (column?.kind !== "continuous") continue;
      this.bin(key, column, reclipped ? clipBounds(column, scope.clip) : bounds);
    }
  }

  /** By their own numbers: a clip that comes later does not change which cells a subset has. */
  private passingAll(filters: ResolvedFilter[]): Uint8Array {
    const { clip } = this.scope;
    this.scope = { ...this.scope, clip: NO_CLIP };
    const failing = groupMask(this.n, "all", false, this.failingOfAll(filters));
    this.scope = { ...this.scope, clip };
    return opposite(failing);
  }

  private failingOfAll(filters: ResolvedFilter[]): Uint8Array[] {
    const masks = filters.map((filter) => this.failingOf(filter, new RegionMask(this.n)));
    return masks.filter((mask) => mask !== null);
  }

  private setFilter(filter: ResolvedFilter): boolean {
    const before = this.active.get(filter.subject);
    if (before?.id === filter.id) return false;
    const region = filter.kind === "region" ? (before?.region ?? new RegionMask(this.n)) : null;
    const failing = this.failingOf(filter, region);
    if (!failing) return false;
    if (before) replace(this.failures, before.failing, failing);
    else add(this.failures, failing);
    release(before?.failing);
    this.active.set(filter.subject, { id: filter.id, failing, region });
    return true;
  }

  private failingOf(filter: ResolvedFilter, region: RegionMask | null): Uint8Array | null {
    if (filter.kind === "group") {
      return groupMask(this.n, filter.op, filter.not, this.failingOfAll(filter.filters));
    }
    if (filter.kind === "cells") {
      const cells = this.cells.get(filter.key);
      return cells ? cells.map((inside) => 1 - inside) : null;
    }
    if (filter.kind === "categories") return this.strips.failing(filter.key, filter.passing);
    const column = this.measured.get(filter.key);
    if (filter.kind === "range" && column?.kind === "continuous") {
      const bounds = this.extents.get(filter.key)?.bounds;
      if (!bounds || !isClipped(this.scope.clip)) return rangeMask(column.values, filter.min, filter.max);
      return rangeMask(column.values, Math.max(filter.min, bounds.min), Math.min(filter.max, bounds.max));
    }
    if (filter.kind === "region" && column?.kind === "embedding" && region) {
      return region.failing(column, filter.steps);
    }
    return null;
  }

  private recount(): void {
    const flips = this.findFlipped();
    if (flips === 0) return;
    const few = flips < this.flipped.length; // to pick more is hardly cheaper than a pass over everything, and takes room
    this.strips.recount(this.counted, few ? this.flipped.subarray(0, flips) : null);
  }

  /** Brings `selected` up to date; answers how many cells changed sides (listed in `flipped` if they fit). */
  private findFlipped(): number {
    const { failures, selected, flipped, n } = this;
    const last = flipped.length - 1;
    let count = 0;
    let passing = 0;
    for (let i = 0; i < n; i++) {
      const pass = failures[i] === 0 ? 1 : 0;
      passing += pass;
      // Written always, kept only when it differs: no branch to mispredict.
      flipped[count < last ? count : last] = i;
      count += pass ^ selected[i]!;
      selected[i] = pass;
    }
    this.nSelected = passing;
    return count;
  }

  private get counted(): Cells {
    return { inside: this.inside, selected: this.selected, all: this.nSelected === this.nInside };
  }

  private bin(key: ColumnKey, column: ContinuousColumn, bounds: NumberRange): void {
    const range = this.rangeOf(column, bounds);
    this.extents.set(key, { bounds, range });
    this.strips.set(key, binned(column.values, range, column.integer));
  }

  private rangeOf({ values, min, max }: ContinuousColumn, bounds: NumberRange): NumberRange {
    if (!this.inside && !isClipped(this.scope.clip)) return { min, max };
    return rangeWithin(values, bounds, this.inside);
  }
}

const opposite = (mask: Uint8Array): Uint8Array => mask.map((value) => 1 - value);

function add(failures: Uint8Array, failing: Uint8Array): void {
  for (let i = 0; i < failures.length; i++) failures[i]! += failing[i]!;
}

function subtract(failures: Uint8Array, failing: Uint8Array): void {
  for (let i = 0; i < failures.length; i++) failures[i]! -= failing[i]!;
}

function replace(failures: Uint8Array, before: Uint8Array, after: Uint8Array): void {
  for (let i = 0; i < failures.length; i++) failures[i]! += after[i]! - before[i]!;
}
