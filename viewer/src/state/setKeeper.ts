// The gene sets of this page: edited at once, saved on the server behind the user's back, merged with what other
// windows save. What is not saved yet stands in the view's `drafts`, so that a reload does not lose it.

import type { Client } from "../api/client";
import { ApiError, isAbort, Unreachable } from "../api/errors";
import type { GeneIndex } from "../data/genes";
import { sameJson } from "./actions";
import {
  changed,
  cleanName,
  freeName,
  inOrder,
  MAX_NAME,
  merged,
  reversed,
  type SetChange,
} from "./geneSets";
import type { Beside } from "./history";
import { mapSets, withGenesOf } from "./setSources";
import { readSets, type StoredSets, writeSets } from "./setStore";
import type { Sets } from "./sets";
import type { GeneSet, SetDrafts, SetSource, ViewState } from "./state";
import type { AppStore, SetsState } from "./store";

/** What the keeper does to the view, and says. */
export interface SetHost {
  record(beside: Beside, changes: Partial<ViewState>): void;
  amend(changes: (view: ViewState) => Partial<ViewState>): void;
  notify(message: string): void;
}

const RETRY_MS = 5000; // after the server could not save

export class SetKeeper implements Sets {
  private stored: StoredSets = { sets: [], tid: 0 };
  private loaded = false;
  private busy = false;
  private writable = false;
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly client: Client,
    private readonly store: AppStore,
    private readonly genes: GeneIndex,
    private readonly host: SetHost,
    private readonly signal: AbortSignal,
  ) {
    signal.addEventListener("abort", () => clearTimeout(this.timer));
  }

  get list(): GeneSet[] {
    return this.store.getState().sets.list;
  }

  /** Reads what is stored. The view's drafts are edits that an earlier page could not save. */
  async start(writable: boolean): Promise<void> {
    this.writable = writable;
    this.tell({ status: "loading" });
    const { drafts } = this.store.getState().view;
    if (drafts && this.list.length === 0) this.tell({ list: drafts.sets });
    try {
      const stored = await this.insist(() => readSets(this.client, this.signal));
      this.loaded = true;
      this.meet(stored);
      void this.save();
    } catch (error) {
      this.fail(error, () => void this.start(writable));
    }
  }

  /** Looks whether another window has saved something. */
  async refresh(): Promise<void> {
    if (!this.loaded || this.busy || !this.writable) return;
    try {
      const stored = await readSets(this.client, this.signal);
      if (!this.busy && stored.tid > this.stored.tid) this.merge(stored);
    } catch {
      // The next save finds out.
    }
  }

  async create(name: string, genes: readonly string[], description = "", about = {}) {
    await this.genes.load();
    const known = genes.map((symbol) => [symbol, this.genes.lookup(symbol)] as const);
    const unknown = known.flatMap(([symbol, gene]) => (gene === undefined ? [symbol] : []));
    const found = [...new Set(known.flatMap(([, gene]) => gene ?? []))];
    const free = freeName(name, this.list);
    this.add([{ name: free, description, genes: found, about }]);
    if (unknown.length > 0) this.leaveOut(free, unknown);
    return { name: free, unknown };
  }

  add(sets: readonly GeneSet[]): void {
    const had = new Map(this.list.map((set) => [set.name, set]));
    const changes = sets.map((after): SetChange => ({ before: had.get(after.name) ?? null, after, at: 0 }));
    this.make(changes.reverse().filter(({ before, after }) => !sameJson(before, after)));
  }

  async replace(sets: readonly { name: string; genes: readonly string[] }[]): Promise<void> {
    await this.genes.load();
    const had = new Map(this.list.map((set) => [set.name, set]));
    const wanted = new Map<string, GeneSet>();
    const unknown = new Set<string>();
    for (const { name: given, genes } of sets) {
      const name = cleanName(given).slice(0, MAX_NAME) || "Gene set";
      const found = new Set<string>();
      for (const symbol of genes) {
        const gene = this.genes.lookup(symbol);
        if (gene === undefined) unknown.add(symbol);
        else found.add(gene);
      }
      const { description = "", about = {} } = had.get(name) ?? {};
      wanted.set(name, { name, description, genes: [...found], about });
    }
    const gone = this.list.filter(({ name }) => !wanted.has(name));
    const drop = (source: SetSource) => (wanted.has(source.name) ? source : null);
    const changes = [
      ...gone.map((before): SetChange => ({ before, after: null, at: this.list.indexOf(before) })).reverse(),
      ...[...wanted.values()]
        .map((after): SetChange => ({ before: had.get(after.name) ?? null, after, at: 0 }))
        .filter(({ before, after }) => !sameJson(before, after))
        .reverse(),
    ];
    this.make(changes, (view) => mapSets(view, drop));
    if (unknown.size > 0)
      this.host.notify(`Not among the genes of this dataset: ${[...unknown].join(", ")}.`);
  }

  update(name: string, after: GeneSet): void {
    const before = this.list.find((set) => set.name === name);
    if (!before || sameJson(before, after)) return;
    const rename = (source: SetSource) => (source.name === name ? { ...source, name: after.name } : source);
    this.make([{ before, after, at: 0 }], (view) => mapSets(view, rename));
  }

  remove(name: string): void {
    const at = this.list.findIndex((set) => set.name === name);
    if (at < 0) return;
    const drop = (source: SetSource) => (source.name === name ? null : source);
    this.make([{ before: this.list[at]!, after: null, at }], (view) => mapSets(view, drop));
  }

  move(name: string, to: number): void {
    const before = this.list.map((set) => set.name);
    const from = before.indexOf(name);
    const place = Math.max(0, Math.min(before.length - 1, to));
    if (from < 0 || from === place) return;
    const after = before.toSpliced(from, 1).toSpliced(place, 0, name);
    const sort = (names: string[]) => () => this.commit(inOrder(this.list, names));
    this.host.record({ undo: sort(before), redo: sort(after) }, {});
    sort(after)();
  }

  leaveOut(name: string, symbols: readonly string[]): void {
    const { [name]: _, ...others } = this.store.getState().sets.leftOut;
    this.tell({ leftOut: symbols.length > 0 ? { ...others, [name]: [...symbols] } : others });
  }

  settle(name: string, keep: "both" | "ours" | "theirs"): void {
    const { conflicts } = this.store.getState().sets;
    const found = conflicts.find((conflict) => conflict.name === name);
    this.tell({ conflicts: conflicts.filter((conflict) => conflict !== found) });
    const ours = this.list.find((set) => set.name === found?.ours);
    const theirs = this.list.find((set) => set.name === name);
    if (!ours || keep === "both") return;
    const drop: SetChange = { before: ours, after: null, at: this.list.indexOf(ours) };
    if (keep === "theirs") this.make([drop]);
    else this.make([drop, { before: theirs ?? null, after: { ...ours, name }, at: drop.at }]);
  }

  retry(): void {
    clearTimeout(this.timer);
    if (this.loaded) void this.save();
    else void this.start(this.writable);
  }

  private make(changes: SetChange[], onView?: (view: ViewState) => Partial<ViewState>): void {
    if (changes.length === 0) return;
    const play = (steps: SetChange[]) => () => this.commit(steps.reduce(changed, this.list));
    const { view } = this.store.getState();
    this.host.record({ undo: play(reversed(changes)), redo: play(changes) }, onView?.(view) ?? {});
    play(changes)();
  }

  private commit(list: GeneSet[]): void {
    this.tell({ list });
    this.show(list);
    void this.save();
  }

  private async save(): Promise<void> {
    if (this.busy || !this.loaded || this.signal.aborted) return;
    if (!this.writable) return this.tell({ status: "session" });
    clearTimeout(this.timer);
    this.busy = true;
    let news = false;
    try {
      while (!sameJson(this.list, this.stored.sets)) {
        const sending = { sets: this.list, tid: this.stored.tid + 1 };
        this.tell({ status: "saving" });
        news = true;
        await this.insist(() => this.send(sending));
      }
      this.tell({ status: news || this.store.getState().sets.status === "saved" ? "saved" : "stored" });
    } catch (error) {
      this.fail(error, () => this.retry());
    } finally {
      this.busy = false;
      if (!this.signal.aborted) this.host.amend(() => ({ drafts: this.drafts() }));
    }
  }

  private async send(sending: StoredSets): Promise<void> {
    try {
      await writeSets(this.client, sending);
      this.stored = sending;
    } catch (error) {
      if (!(error instanceof ApiError) || !["not_found", "conflict"].includes(error.code)) throw error;
      const found = await readSets(this.client, this.signal);
      // An answer that was lost on its way has saved all the same; else somebody has overtaken us.
      if (found.tid < sending.tid) throw error;
      this.merge(found);
    }
  }

  /** Again and again while the server is away: a question that waits for it tells when it is back. */
  private async insist<T>(work: () => Promise<T>): Promise<T> {
    for (;;) {
      try {
        return await work();
      } catch (error) {
        if (!(error instanceof Unreachable) || this.signal.aborted) throw error;
        this.tell({ status: "waiting" });
        await this.client.ask("status", { signal: this.signal });
      }
    }
  }

  /** The first look at the server: the list has what was done while it was on its way. */
  private meet(stored: StoredSets): void {
    const { drafts } = this.store.getState().view;
    const here = new Set(this.list.map(({ name }) => name));
    const ours = [...this.list, ...(drafts?.sets ?? []).filter(({ name }) => !here.has(name))];
    const names = new Set(ours.map(({ name }) => name));
    const others = stored.sets.filter(({ name }) => !names.has(name));
    if (drafts && drafts.tid !== stored.tid && this.writable) {
      this.stored = { sets: others, tid: stored.tid }; // as if the drafts' sets were new: nothing is overwritten
      this.tell({ list: [...ours, ...others] });
      this.merge(stored);
      return;
    }
    this.stored = stored;
    const gone = new Set(drafts?.gone);
    const base = stored.sets.filter(({ name }) => !gone.has(name));
    const add = (sets: GeneSet[], after: GeneSet) =>
      changed(sets, { before: sets.find(({ name }) => name === after.name) ?? null, after, at: 0 });
    const list = [...ours].reverse().reduce(add, base);
    this.tell({ list });
    this.show(list);
  }

  private merge(stored: StoredSets): void {
    const { sets, conflicts, restored } = merged(this.stored.sets, this.list, stored.sets);
    this.stored = stored;
    const known = this.store.getState().sets.conflicts;
    this.tell({ list: sets, conflicts: [...known, ...conflicts] });
    this.show(sets);
    for (const name of restored) {
      this.host.notify(`“${name}” was deleted in one window and changed in another: it was kept.`);
    }
  }

  /** What names a set shows what it is now. */
  private show(list: readonly GeneSet[]): void {
    this.host.amend((view) => ({
      ...withGenesOf(view, list),
      ...(this.loaded ? { drafts: this.drafts() } : {}),
    }));
  }

  private drafts(): SetDrafts | null {
    const { sets: stored, tid } = this.stored;
    const was = new Map(stored.map((set) => [set.name, set]));
    const is = new Set(this.list.map(({ name }) => name));
    const sets = this.list.filter((set) => !sameJson(set, was.get(set.name)));
    const gone = stored.flatMap(({ name }) => (is.has(name) ? [] : [name]));
    return sets.length + gone.length > 0 ? { tid, sets, gone } : null;
  }

  private fail(error: unknown, again: () => void): void {
    if (isAbort(error) || this.signal.aborted) return;
    this.tell({ status: { error: error instanceof Error ? error.message : String(error) } });
    const code = error instanceof ApiError ? error.code : null;
    if (code === "error" || code === "not_ready") this.timer = setTimeout(again, RETRY_MS);
    // The page learns from its questions alone that its access is over.
    if (code === "expired") this.client.ask("status", { signal: this.signal }).catch(() => undefined);
    // An unforeseen error is a bug of ours: it must not vanish.
    if (!(error instanceof ApiError)) throw error;
  }

  private tell(changes: Partial<SetsState>): void {
    this.store.setState(({ sets }) => ({ sets: { ...sets, ...changes } }));
  }
}
