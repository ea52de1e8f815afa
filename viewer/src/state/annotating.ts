// The annotations of this page: edited at once, saved behind the user's back, merged with what others save.

import { cleanName, nameProblem } from "../data/labelNames";
import {
  type Annotated,
  asColumn,
  assigned,
  changedBy,
  type Labels,
  noLabels,
  relabeled,
  sameLabels,
  sized,
  withColumn,
  withLabel,
  withoutColumn,
  withoutLabel,
  withRenamed,
} from "../data/labels";
import { type Conflict, merge } from "../data/merge";
import type { CategoricalColumn, LoadedColumn } from "../data/values";
import { formatCount } from "../lib/format";
import type { AnnotationSync, SyncHost } from "./annotationSync";
import type { Annotations, AnnotationsState, Refusal } from "./annotations";
import { withColumnNamed, withoutColumns, withValueNamed } from "./columnNames";
import { describeSelection } from "./describeSelection";
import type { Beside } from "./history";
import type { ViewState } from "./state";
import type { AppStore, ObsColumnInfo } from "./store";

/** What annotating does to the rest of the viewer. */
export interface AnnotatingHost {
  put(name: string, column: LoadedColumn | null): void;
  column(name: string): LoadedColumn | undefined;
  selected(): Uint8Array;
  record(beside: Beside, changes: Partial<ViewState>): void;
  amend(changes: (view: ViewState) => Partial<ViewState>): void;
  notify(message: string): void;
}

export class Annotating implements Annotations, SyncHost {
  /** What is shown: with all edits, saved or not. */
  all: Annotated = new Map();
  private readonly mine = new Map<number, Conflict>(); // by the id of the conflict
  private ids = 0;

  constructor(
    private readonly store: AppStore,
    private readonly host: AnnotatingHost,
    private readonly sync: AnnotationSync,
  ) {}

  start(): void {
    void this.sync.start(this);
  }

  names = (): string[] => [...this.all.keys()];
  values = (column: string): Labels | undefined => this.all.get(column);
  labels = (column: string): readonly string[] => this.all.get(column)?.categories ?? [];

  wouldChange(column: string, label: string | null): number {
    const mask = this.host.selected();
    return changedBy(this.all.get(column) ?? noLabels(mask.length), label, mask);
  }

  create(name: string, from?: string): Refusal {
    const clean = cleanName(name);
    const problem = this.refuseColumn(clean);
    if (problem) return problem;
    const source = from === undefined ? undefined : this.host.column(from);
    if (from !== undefined && source?.kind !== "categorical")
      return `“${from}” is still being loaded: try again.`;
    const labels = source?.kind === "categorical" ? copyOf(source) : noLabels(this.nObs);
    const what = from === undefined ? `${clean}: created` : `${clean}: copied from ${from}`;
    this.make(withColumn(this.all, clean, labels), what, { expanded: [...this.view.expanded, clean] });
    return null;
  }

  rename(column: string, to: string): Refusal {
    const clean = cleanName(to);
    if (clean === column) return null;
    const problem = this.refuseColumn(clean);
    if (problem) return problem;
    const what = `${column}: renamed to ${clean}`;
    this.make(withRenamed(this.all, column, clean), what, withColumnNamed(this.view, column, clean));
    return null;
  }

  remove(column: string): void {
    const changes = withColumnNamed(this.view, column, null);
    this.make(withoutColumn(this.all, column), `${column}: deleted`, changes);
  }

  addLabel(column: string, label: string): Refusal {
    const clean = cleanName(label);
    const labels = this.all.get(column);
    const problem = nameProblem(clean, "label");
    if (problem || !labels) return problem ?? gone(column);
    if (labels.categories.includes(clean)) return `“${column}” has a label of this name already.`;
    this.make(withColumn(this.all, column, withLabel(labels, clean)), `${column}: new label ${clean}`);
    return null;
  }

  assign(column: string, label: string | null): Refusal {
    const [name, clean] = [cleanName(column), label === null ? null : cleanName(label)];
    const before = this.all.get(name);
    const problem =
      (clean === null ? null : nameProblem(clean, "label")) ?? (before ? null : this.refuseColumn(name));
    if (problem) return problem;
    const mask = this.host.selected();
    const labels = before ?? noLabels(mask.length);
    const count = changedBy(labels, clean, mask);
    const known = clean === null || labels.categories.includes(clean);
    if (before && known && count === 0)
      return clean === null
        ? "The selected cells have no label."
        : "The selected cells have this label already.";
    const cells = `${formatCount(count)} ${count === 1 ? "cell" : "cells"}`;
    const by = describeSelection(this.view);
    const what = `${name}: ${cells} → ${clean ?? "no label"}${by && ` (${by})`}`;
    const { expanded } = this.view;
    const opened = expanded.includes(name) ? {} : { expanded: [...expanded, name] };
    this.make(withColumn(this.all, name, assigned(labels, clean, mask)), what, opened);
    return null;
  }

  renameLabel(column: string, from: string, to: string): Refusal {
    const clean = cleanName(to);
    const labels = this.all.get(column);
    const problem = nameProblem(clean, "label");
    if (problem || !labels) return problem ?? gone(column);
    if (clean === from) return null;
    const merged = labels.categories.includes(clean);
    const what = `${column}: ${from} ${merged ? "merged into" : "renamed to"} ${clean}`;
    const changes = withValueNamed(this.view, column, from, clean, merged);
    this.make(withColumn(this.all, column, relabeled(labels, from, clean)), what, changes);
    return null;
  }

  removeLabel(column: string, label: string): void {
    const labels = this.all.get(column);
    if (!labels) return;
    const changes = withValueNamed(this.view, column, label, null);
    this.make(
      withColumn(this.all, column, withoutLabel(labels, label)),
      `${column}: ${label} deleted`,
      changes,
    );
  }

  settle(id: number, how: "theirs" | "mine" | "copy"): void {
    const conflict = this.mine.get(id);
    this.mine.delete(id);
    this.tell({ conflicts: this.state.conflicts.filter((other) => other.id !== id) });
    const { column = "", mine = null } = conflict ?? {};
    if (how === "copy" && mine) {
      const name = this.freeName(`${column} (mine)`);
      this.make(withColumn(this.all, name, mine), `${name}: kept after a conflict`);
    } else if (how === "mine" && mine) {
      this.make(withColumn(this.all, column, mine), `${column}: as it was here before a conflict`);
    } else if (how === "mine") {
      this.remove(column);
    }
  }

  retry = (): void => this.sync.retry();
  history = () => this.sync.server.history();
  download = (file: "annotations.csv" | "backup") =>
    this.sync.settled().then(() => this.sync.server.download(file));
  terms = () => this.sync.server.terms();

  restore(version: number, seen: number): Promise<void> {
    return this.replaced(`restored version ${version}`, () => this.sync.server.restore(version, seen));
  }

  upload(file: Blob, keepOthers: boolean) {
    return this.replaced("a file taken over", () => this.sync.server.upload(file, keepOthers));
  }

  // ── for the sync ──

  get n(): number {
    return this.nObs;
  }

  show(all: Annotated): void {
    const before = this.all;
    if (all === before) return;
    this.all = all;
    for (const [name, labels] of all) {
      if (!sameLabels(labels, before.get(name))) this.host.put(name, asColumn(labels));
    }
    this.tellColumns(all);
    const lost = [...before.keys()].filter((name) => !all.has(name));
    for (const name of lost) this.host.put(name, null);
  }

  /** What somebody else has saved: the view goes on without what is gone. */
  follow(all: Annotated, conflicts: readonly Conflict[]): void {
    const lost = [...this.all.keys()].some((name) => !all.has(name));
    if (lost) {
      const here = new Set([...all.keys(), ...this.foreign().map(({ name }) => name)]);
      this.host.amend((view) => withoutColumns(view, (name) => here.has(name)));
    }
    this.show(all);
    const told = conflicts.map((conflict) => {
      this.mine.set(++this.ids, conflict);
      const { column, kind, cells } = conflict;
      return { id: this.ids, column, kind, cells };
    });
    if (told.length > 0) this.tell({ conflicts: [...this.state.conflicts, ...told] });
  }

  tell(changes: Partial<AnnotationsState>): void {
    this.store.setState(({ annotations }) => ({ annotations: { ...annotations, ...changes } }));
  }

  notify(message: string): void {
    this.host.notify(message);
  }

  // ── edits ──

  private make(after: Annotated, what: string, changes: Partial<ViewState> = {}): void {
    const before = this.all;
    const back = { undo: () => this.replay(after, before, `undone: ${what}`) };
    this.show(after);
    this.host.record({ ...back, redo: () => this.replay(before, after, what) }, changes);
    this.sync.changed(what);
  }

  /** Cells that somebody else has labeled since stay as they are. */
  private replay(from: Annotated, to: Annotated, what: string): void {
    const { all, conflicts } = merge(from, to, this.all);
    this.show(all);
    if (conflicts.length > 0) {
      this.host.notify("What somebody else has changed since then was left as it is.");
    }
    this.sync.changed(what);
  }

  /** A change that the server makes, as one step of this page. */
  private async replaced<T>(what: string, work: () => Promise<T>): Promise<T> {
    await this.sync.settled();
    const before = this.all;
    const done = await work();
    await this.sync.pull();
    const after = this.all;
    const undo = () => this.replay(after, before, `undone: ${what}`);
    this.host.record({ undo, redo: () => this.replay(before, after, what) }, {});
    return done;
  }

  private refuseColumn(name: string): Refusal {
    const problem = nameProblem(name, "annotation");
    if (problem) return problem;
    const { dataset } = this.store.getState();
    if (this.all.has(name)) return `There is an annotation “${name}” already.`;
    if (name === dataset?.obsIndex || this.foreign().some((column) => column.name === name)) {
      return `The dataset has a column “${name}” of its own: choose another name.`;
    }
    return null;
  }

  private freeName(wish: string): string {
    let name = wish;
    for (let i = 2; this.refuseColumn(name) !== null && i < 100; i++) name = `${wish} ${i}`;
    return name;
  }

  private tellColumns(all: Annotated): void {
    const { dataset } = this.store.getState();
    if (!dataset) return;
    const own = [...all].map(([name, { categories }]): ObsColumnInfo => {
      return { name, kind: "categorical", categories: [...categories], writable: true };
    });
    this.store.setState(({ version }) => ({
      dataset: { ...dataset, obs: [...this.foreign(), ...own] },
      version: { ...version, edits: version.edits + 1 },
    }));
  }

  /** Columns that are not edited here: the dataset's own, and whole numbers of other clients. */
  private foreign(): ObsColumnInfo[] {
    return (this.store.getState().dataset?.obs ?? []).filter(
      ({ writable, kind }) => !writable || kind === "continuous",
    );
  }

  private get nObs(): number {
    return this.store.getState().dataset?.nObs ?? 0;
  }

  private get view(): ViewState {
    return this.store.getState().view;
  }

  private get state(): AnnotationsState {
    return this.store.getState().annotations;
  }
}

const gone = (column: string): string => `The annotation “${column}” is no longer there.`;

/** Labels without cells are not copied. */
function copyOf({ categories, codes }: CategoricalColumn): Labels {
  const used = new Set<number>(codes);
  const kept = categories.map((_, i) => i).filter((i) => used.has(i));
  const to = new Map(kept.map((code, i) => [code, i]));
  return sized(
    kept.map((i) => categories[i]!),
    Int32Array.from(codes, (code) => to.get(code) ?? -1),
  );
}
