// Which cells pass all filters, and how many of them lie in each category and bin: pure arithmetic on
// typed arrays, run in a worker for large datasets. Per cell we keep how many filters it fails, so
// that changing one filter costs one pass over that filter alone; counts are corrected by the
// cells that changed sides, which are few while a brush is dragged.

import { unpackBits } from "../lib/bitset";
import type { RegionStep } from "../state/state";
import type { ColumnKey } from "./keys";
import { categoryMask, RegionMask, rangeMask } from "./masks";
import { binned, type Slots, shifted } from "./slots";
import type { LoadedColumn } from "./values";

/** A filter with everything looked up: no names of categories, no columns that are not here. */
export type ResolvedFilter = { subject: string; id: string } & (
  | { kind: "categories"; key: ColumnKey; passing: Uint8Array } // by code + 1; [0] is for missing values
  | { kind: "range"; key: ColumnKey; min: number; max: number }
  | { kind: "region"; key: ColumnKey; steps: RegionStep[] }
  | { kind: "cells"; key: string }
);

/** Cells by code + 1 or bin + 1; the first count is of cells without a value. */
export interface Tallies {
  total: Uint32Array;
  selected: Uint32Array;
}

interface Kept {
  column: LoadedColumn;
  counted: { slots: Slots; tallies: Tallies } | null;
}

interface Active {
  id: string;
  failing: Uint8Array; // per cell 1 = fails this filter
  region: RegionMask | null;
}

export class Crossfilter {
  /** Per cell 1 = passes all filters. */
  readonly selected: Uint8Array<ArrayBuffer>;
  nSelected: number;
  private readonly failures: Uint8Array; // per cell, how many filters it fails
  private readonly flipped: Uint32Array; // scratch: the cells that changed sides
  private readonly columns = new Map<ColumnKey, Kept>();
  private readonly cells = new Map<string, Uint8Array>();
  private readonly active = new Map<string, Active>();

  constructor(readonly n: number) {
    this.selected = new Uint8Array(n).fill(1);
    this.nSelected = n;
    this.failures = new Uint8Array(n);
    this.flipped = new Uint32Array(n);
  }

  addColumn(key: ColumnKey, column: LoadedColumn): void {
    this.columns.set(key, { column, counted: this.count(column) });
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

  setFilters(filters: ResolvedFilter[]): void {
    const wanted = new Map(filters.map((filter) => [filter.subject, filter]));
    let changed = false;
    for (const [subject, { failing }] of this.active) {
      if (wanted.has(subject)) continue;
      this.active.delete(subject);
      subtract(this.failures, failing);
      changed = true;
    }
    for (const filter of filters) changed = this.setFilter(filter) || changed;
    if (changed) this.recount(this.findFlipped());
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
    if (filter.kind === "cells") {
      const cells = this.cells.get(filter.key);
      return cells ? cells.map((inside) => 1 - inside) : null;
    }
    const kept = this.columns.get(filter.key);
    if (!kept) return null;
    const { column, counted } = kept;
    if (filter.kind === "categories" && column.kind === "categorical" && counted) {
      return categoryMask(counted.slots, filter.passing);
    }
    if (filter.kind === "range" && column.kind === "continuous") {
      return rangeMask(column.values, filter.min, filter.max);
    }
    if (filter.kind === "region" && column.kind === "embedding" && region) {
      return region.failing(column, filter.steps);
    }
    return null;
  }

  /** Brings `selected` up to date; answers how many cells changed sides (listed in `flipped`). */
  private findFlipped(): number {
    const { failures, selected, flipped, n } = this;
    let count = 0;
    let passing = 0;
    for (let i = 0; i < n; i++) {
      const pass = failures[i] === 0 ? 1 : 0;
      passing += pass;
      // Written always, kept only when it differs: no branch to mispredict.
      flipped[count] = i;
      count += pass ^ selected[i]!;
      selected[i] = pass;
    }
    this.nSelected = passing;
    return count;
  }

  private recount(flips: number): void {
    if (flips === 0) return;
    const { n, nSelected } = this;
    for (const { counted } of this.columns.values()) {
      if (!counted) continue;
      const { slots, tallies } = counted;
      // A sequential pass over everything costs about as much as picking half of it.
      if (nSelected === n) tallies.selected.set(tallies.total);
      else if (flips > n / 2) countSelected(slots, this.selected, tallies.selected);
      else countFlips(slots, this.selected, this.flipped, flips, tallies.selected);
    }
  }

  private count(column: LoadedColumn): Kept["counted"] {
    const slots =
      column.kind === "categorical"
        ? shifted(column.codes, column.categories.length)
        : column.kind === "continuous"
          ? binned(column)
          : null;
    if (!slots) return null;
    const size = column.kind === "categorical" ? column.categories.length + 1 : slots.bins + 1;
    const total = new Uint32Array(size);
    for (let i = 0; i < slots.of.length; i++) total[slots.of[i]!]! += 1;
    const selected = this.nSelected === this.n ? total.slice() : new Uint32Array(size);
    if (this.nSelected !== this.n) countSelected(slots, this.selected, selected);
    return { slots, tallies: { total, selected } };
  }
}

function add(failures: Uint8Array, failing: Uint8Array): void {
  for (let i = 0; i < failures.length; i++) failures[i]! += failing[i]!;
}

function subtract(failures: Uint8Array, failing: Uint8Array): void {
  for (let i = 0; i < failures.length; i++) failures[i]! -= failing[i]!;
}

function replace(failures: Uint8Array, before: Uint8Array, after: Uint8Array): void {
  for (let i = 0; i < failures.length; i++) failures[i]! += after[i]! - before[i]!;
}

function countSelected({ of }: Slots, selected: Uint8Array, counts: Uint32Array): void {
  counts.fill(0);
  for (let i = 0; i < of.length; i++) counts[of[i]!]! += selected[i]!;
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
