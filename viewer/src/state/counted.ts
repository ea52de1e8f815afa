// What is counted of the cells: which columns that needs, the counting itself, and what the store says of it.

import type { ColumnCache } from "../data/columns";
import CountingWorker from "../data/counting.worker?worker&inline";
import { type ColumnKey, geneKey } from "../data/keys";
import { sameJson } from "./actions";
import { cellsPassing } from "./cellSets";
import type { Counts } from "./counts";
import { tallyOf } from "./needs";
import type { Filter } from "./state";
import type { AppStore } from "./store";
import { Tallying } from "./tallying";

const NOTHING = new Uint8Array(0);

export class Counted {
  readonly counts: Counts;
  /** Sets of cells that a "cells" filter can name: bit i = cell i. */
  readonly kept = new Map<string, Uint8Array>();
  private readonly watched = new Map<ColumnKey, number>(); // key → by how many components
  private tallying: Tallying | null = null;
  private soon: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly store: AppStore,
    private readonly columns: ColumnCache,
    private readonly onChange: () => void,
  ) {
    this.counts = {
      categories: (column) => this.tallying?.categories(column) ?? null,
      histogram: (source) => this.tallying?.histogram(source) ?? null,
      pointState: () => this.tallying?.pointState() ?? NOTHING,
      selected: () => this.tallying?.selected() ?? NOTHING,
      inside: () => this.tallying?.inside() ?? null,
      shown: (key) => (this.tallying ? this.tallying.shown(key) : this.columns.get(key)),
    };
  }

  /** Counting has not ended, or not begun. */
  get busy(): boolean {
    return !this.tallying || this.tallying.busy || this.soon !== undefined;
  }

  /** All filters could be applied. */
  get exact(): boolean {
    return this.tallying?.pending === false;
  }

  begin(nObs: number): void {
    const worker = typeof Worker === "undefined" ? null : () => new CountingWorker();
    this.tallying = new Tallying(nObs, this.columns, (changed) => this.onCounts(changed), worker);
    for (const [key, bits] of this.kept) this.tallying.keepCells(key, bits);
  }

  keep(key: string, bits: Uint8Array): void {
    this.kept.set(key, bits);
    this.tallying?.keepCells(key, bits);
    this.recount();
  }

  /** Counts a column that the view does not name, for as long as somebody shows it. */
  watch(key: ColumnKey): () => void {
    this.watched.set(key, (this.watched.get(key) ?? 0) + 1);
    this.recountSoon();
    return () => {
      const left = this.watched.get(key)! - 1;
      if (left > 0) this.watched.set(key, left);
      else this.watched.delete(key);
    };
  }

  watchedKeys(): Iterable<ColumnKey> {
    return this.watched.keys();
  }

  /** The values of a column are others now. */
  revise(key: ColumnKey): void {
    this.tallying?.revise(key);
  }

  /** Which cells pass these filters, whatever is selected now. */
  passing(filters: Filter[], until: AbortSignal): Promise<Uint8Array> {
    const { store, columns, kept } = this;
    return cellsPassing({ store, columns, kept, watch: (key) => this.watch(key) }, filters, until);
  }

  /** Once for all columns that come together: thirty genes of one answer are counted in one go. */
  recountSoon(): void {
    this.soon ??= setTimeout(() => {
      this.recount();
      this.onChange();
    });
  }

  recount(): void {
    clearTimeout(this.soon);
    this.soon = undefined;
    const { view } = this.store.getState();
    const keys = new Set([...view.genes.map(geneKey), ...this.watched.keys()]);
    this.tallying?.follow(view, keys, this.columns.loadedKeys());
  }

  /** The numbers of the status bar. */
  tally(): void {
    const { view, dataset, tally: before } = this.store.getState();
    if (!dataset) return;
    const { nSelected: selected = dataset.nObs, nInside: inside = dataset.nObs } = this.tallying ?? {};
    const tally = tallyOf(view, dataset, this.columns, { selected, inside });
    if (!sameJson(tally, before)) this.store.setState({ tally });
  }

  dispose(): void {
    clearTimeout(this.soon);
    this.tallying?.dispose();
  }

  private onCounts(selectionChanged: boolean): void {
    const { version } = this.store.getState();
    this.store.setState({
      version: {
        ...version,
        counts: version.counts + 1,
        points: version.points + (selectionChanged ? 1 : 0),
      },
    });
    this.tally();
    this.onChange();
  }
}
