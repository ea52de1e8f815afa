// Which cells pass all filters, and how many of them lie in each category and bin: pure arithmetic on
// typed arrays, run in a worker for large datasets. Per cell we keep how many filters it fails, so
// that changing one filter costs one pass over that filter alone; counts are corrected by the
// cells that changed sides, which are few while a brush is dragged.

import { countMask, unpackBits } from "../lib/bitset";
import type { RegionStep } from "../state/state";
import { type Clip, clipBounds, isClipped, NO_CLIP, type NumberRange, rangeWithin } from "./clip";
import type { ColumnKey } from "./keys";
import { categoryMask, groupMask, RegionMask, rangeMask } from "./masks";
import { binned, type Slots, shifted } from "./slots";
import type { ContinuousColumn, EmbeddingColumn, LoadedColumn } from "./values";

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

/** Cells by code + 1 or bin + 1; the first count is of cells without a value. */
export interface Tallies {
  total: Uint32Array;
  selected: Uint32Array;
}

interface Kept {
  column: ContinuousColumn | EmbeddingColumn | null; // null: categories are their slots, and no more is kept
  bounds: NumberRange | null; // of numbers: those of the clip
  range: NumberRange | null; // of numbers: over which the bins lie
  counted: { slots: Slots; tallies: Tallies } | null;
}

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
  private readonly flipped: Uint32Array; // scratch: the cells that changed sides, up to half of all
  private readonly columns = new Map<ColumnKey, Kept>();
  private readonly cells = new Map<string, Uint8Array>();
  private readonly active = new Map<string, Active>();

  constructor(readonly n: number) {
    this.selected = new Uint8Array(n).fill(1);
    this.nSelected = n;
    this.nInside = n;
    this.failures = new Uint8Array(n);
    this.flipped = new Uint32Array((n >> 1) + 1); // of more than half, all are counted anew
  }

  get scopeId(): string {
    return this.scope.id;
  }

  addColumn(key: ColumnKey, column: LoadedColumn): void {
    this.columns.set(key, this.kept(column));
  }

  removeColumn(key: ColumnKey): void {
    this.columns.delete(key);
  }

  /** A set of cells that a "cells" filter names; bit i is cell i. */
  addCells(key: string, bits: Uint8Array): void {
    this.cells.set(key, unpackBits(bits, this.n));
  }

  tallies(): Map<ColumnKey, Tallies> {
    const all = new Map<ColumnKey, Tallies>();
    for (const [key, { counted }] of this.columns) if (counted) all.set(key, counted.tallies);
    return all;
  }

  /** Of numbers: the smallest and the largest that count. */
  ranges(): Map<ColumnKey, NumberRange> {
    const all = new Map<ColumnKey, NumberRange>();
    for (const [key, { range }] of this.columns) if (range) all.set(key, range);
    return all;
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
      changed = true;
    }
    for (const filter of filters) changed = this.setFilter(filter) || changed;
    if (changed) this.recount(rescoped ? this.n + this.findFlipped() : this.findFlipped());
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
    for (const [key, { column, bounds, counted }] of this.columns) {
      if (column) this.columns.set(key, this.kept(column, reclipped ? null : bounds));
      else if (counted) this.columns.set(key, this.keptSlots(counted.slots));
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
    const kept = this.columns.get(filter.key);
    if (!kept) return null;
    const { column, counted, bounds } = kept;
    if (filter.kind === "categories" && !column && counted) {
      return categoryMask(counted.slots, filter.passing);
    }
    if (filter.kind === "range" && column?.kind === "continuous") {
      if (!bounds || !isClipped(this.scope.clip)) return rangeMask(column.values, filter.min, filter.max);
      return rangeMask(column.values, Math.max(filter.min, bounds.min), Math.min(filter.max, bounds.max));
    }
    if (filter.kind === "region" && column?.kind === "embedding" && region) {
      return region.failing(column, filter.steps);
    }
    return null;
  }

  /** Brings `selected` up to date; answers how many cells changed sides (listed in `flipped`). */
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

  private recount(flips: number): void {
    if (flips === 0) return;
    const { n, nSelected, nInside } = this;
    for (const { counted } of this.columns.values()) {
      if (!counted) continue;
      const { slots, tallies } = counted;
      // A sequential pass over everything costs about as much as picking half of it.
      if (nSelected === nInside) tallies.selected.set(tallies.total);
      else if (flips > n / 2) countSelected(slots, this.selected, tallies.selected);
      else countFlips(slots, this.selected, this.flipped, flips, tallies.selected);
    }
  }

  private kept(column: LoadedColumn, known: NumberRange | null = null): Kept {
    if (column.kind === "embedding") return { column, bounds: null, range: null, counted: null };
    if (column.kind === "categorical") {
      return this.keptSlots(shifted(column.codes, column.categories.length));
    }
    const bounds = known ?? clipBounds(column, this.scope.clip);
    const range = this.rangeOf(column, bounds);
    const slots = binned({ values: column.values, ...range });
    return { column, bounds, range, counted: this.count(slots) };
  }

  private keptSlots(slots: Slots): Kept {
    return { column: null, bounds: null, range: null, counted: this.count(slots) };
  }

  private rangeOf({ values, min, max }: ContinuousColumn, bounds: NumberRange): NumberRange {
    if (!this.inside && !isClipped(this.scope.clip)) return { min, max };
    return rangeWithin(values, bounds, this.inside);
  }

  private count(slots: Slots): NonNullable<Kept["counted"]> {
    const total = new Uint32Array(slots.bins + 1);
    if (this.inside) countSelected(slots, this.inside, total);
    else for (let i = 0; i < slots.of.length; i++) total[slots.of[i]!]! += 1;
    const all = this.nSelected === this.nInside;
    const selected = all ? total.slice() : new Uint32Array(slots.bins + 1);
    if (!all) countSelected(slots, this.selected, selected);
    return { slots, tallies: { total, selected } };
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

/** In four parts: neighboring cells are often of one slot, and an addition would wait for the one before. */
function countSelected({ of }: Slots, selected: Uint8Array, counts: Uint32Array): void {
  const width = counts.length;
  const parts = new Uint32Array(4 * width);
  const end = of.length - (of.length % 4);
  for (let i = 0; i < end; i += 4) {
    parts[of[i]!]! += selected[i]!;
    parts[width + of[i + 1]!]! += selected[i + 1]!;
    parts[2 * width + of[i + 2]!]! += selected[i + 2]!;
    parts[3 * width + of[i + 3]!]! += selected[i + 3]!;
  }
  for (let i = end; i < of.length; i++) parts[of[i]!]! += selected[i]!;
  for (let slot = 0; slot < width; slot++) {
    counts[slot] = parts[slot]! + parts[width + slot]! + parts[2 * width + slot]! + parts[3 * width + slot]!;
  }
}

function countFlips(
  { of }: Slots,
  selected: Uint8Array,
  flipped: Uint32Array,
  flips: number,
  counts: Uint32Array,
): void {
  for (let j = 0; j < flips; j++) {
    const i = flipped[j]!;
    counts[of[i]!]! += 2 * selected[i]! - 1;
  }
}
