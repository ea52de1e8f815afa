// Which cells pass a list of filters that does not hold now: a group to be compared. A crossfilter of its own,
// for as long as it takes.

import type { Columns } from "../data/columns";
import { Crossfilter, type ResolvedFilter } from "../data/crossfilter";
import type { ColumnKey } from "../data/keys";
import { neededBy, resolve, resolveGroup } from "../data/resolve";
import { subject } from "./filters";
import { leavesOf } from "./selecting";
import type { Filter } from "./state";
import type { AppStore } from "./store";

interface Source {
  store: AppStore;
  columns: Columns;
  kept: ReadonlyMap<string, Uint8Array>;
  /** Keeps a column until the returned function is called. */
  watch(key: ColumnKey): () => void;
}

/** Per cell 1 = passes all filters; rejects with a sentence where one cannot be applied. */
export async function cellsPassing(
  source: Source,
  filters: Filter[],
  signal: AbortSignal,
): Promise<Uint8Array> {
  const nObs = source.store.getState().dataset?.nObs ?? 0;
  const leaves = leavesOf(filters);
  const keys = [...new Set(leaves.map(neededBy).filter((key) => key !== null))];
  const release = keys.map((key) => source.watch(key));
  try {
    await Promise.all(keys.map((key) => loaded(source, key, signal)));
    const crossfilter = new Crossfilter(nObs);
    for (const key of keys) crossfilter.addColumn(key, source.columns.get(key)!);
    for (const leaf of leaves) {
      if (leaf.kind !== "cells") continue;
      const bits = source.kept.get(leaf.key);
      if (!bits)
        throw new Error(`The cells “${leaf.label}” are not known to this page any more: choose them again.`);
      crossfilter.addCells(leaf.key, bits);
    }
    const resolved = (filter: Filter): ResolvedFilter | null => {
      if (filter.kind === "group") return resolveGroup(filter, subject(filter), resolved);
      const key = neededBy(filter);
      return resolve(filter, subject(filter), key === null ? undefined : source.columns.get(key), () => true);
    };
    const all = filters.map(resolved);
    if (all.includes(null))
      throw new Error("These cells cannot be found in this dataset: choose them again.");
    crossfilter.setFilters(all.filter((filter) => filter !== null));
    return crossfilter.selected;
  } finally {
    for (const each of release) each();
  }
}

/** Resolves when a column is here. */
function loaded({ store, columns }: Source, key: ColumnKey, signal: AbortSignal): Promise<void> {
  columns.want(key);
  return new Promise((resolve, reject) => {
    const look = (): void => {
      const status = store.getState().columns[key];
      if (signal.aborted) end(() => reject(signal.reason));
      else if (columns.get(key)) end(resolve);
      else if (typeof status === "object") end(() => reject(new Error(status.error)));
      else if (status === undefined) columns.want(key); // it was dropped
    };
    const end = (settle: () => void): void => {
      leave();
      signal.removeEventListener("abort", look);
      settle();
    };
    const leave = store.subscribe(look);
    signal.addEventListener("abort", look);
    look();
  });
}
