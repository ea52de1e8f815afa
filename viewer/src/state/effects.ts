// Everything that takes time: the first questions, the columns that the view needs, counting, the progress
// of the publishing kernel, the URL. The view itself is changed by actions alone.

import { arrowColumns, texts } from "../api/arrow";
import { type Client, HttpClient } from "../api/client";
import { ApiError, isAbort } from "../api/errors";
import type { PageConfig } from "../api/types";
import { ColumnCache, type ColumnEvent, type Columns } from "../data/columns";
import CountingWorker from "../data/counting.worker?worker&inline";
import { Genes } from "../data/genes";
import { type ColumnKey, geneKey, layoutKey, obsKey, parseKey } from "../data/keys";
import { Names } from "../data/names";
import type { Layout } from "../data/questions";
import { type Action, apply } from "./actions";
import type { Counts } from "./counts";
import { pageFragment } from "./fragment";
import { History } from "./history";
import { initialView } from "./initial";
import { checkAction, checkState, type Known, namesGenes } from "./known";
import { filterColumns, neededColumns, shownEmbedding } from "./needs";
import { addNotice, dropNotice } from "./notices";
import { type Opened, open } from "./opening";
import { followStatus } from "./progress";
import type { ViewState } from "./state";
import { type AppStore, createAppStore, type DatasetInfo, type Progress } from "./store";
import { Tallying } from "./tallying";
import type { Validated } from "./validate";
import type { Host, Viewer, ViewerOptions } from "./viewer";

// obs columns are fetched ahead of need up to here; beyond, when a panel shows them.
const AHEAD_BYTES = 256 * 2 ** 20;
const IDLE_MS = 50;

const NOTHING = new Uint8Array(0);

export class Runtime implements Viewer {
  readonly store: AppStore;
  readonly columns: Columns;
  readonly counts: Counts;
  readonly genes: Genes;
  private readonly client: Client;
  private readonly host: Host | undefined;
  private readonly cache: ColumnCache;
  private readonly history: History;
  private readonly cellNames: Names;
  private readonly closed = new AbortController();
  private readonly fragment = pageFragment((pasted) => this.paste(pasted));
  private readonly layout: Layout = { varIndex: "name_0", kind: () => undefined };
  private tallying: Tallying | null = null;
  private transient: Action | null = null;
  private early: Action[] = []; // asked for before the dataset was known: never steps
  private waitingForGenes = 0;
  private keptCells: [string, Uint8Array][] = [];
  private settling: ((exact: boolean) => void)[] = [];

  constructor(config: PageConfig, options: ViewerOptions) {
    const { state, problems } = this.fragment.initial;
    this.host = options.host;
    this.client = options.client ?? new HttpClient(config);
    this.history = new History(initialView(state));
    this.store = createAppStore(this.history.view);
    this.cache = new ColumnCache(this.client, this.layout, (event) => this.onColumn(event));
    this.columns = this.cache;
    this.genes = new Genes(() => this.fetchGeneNames());
    this.cellNames = new Names(() => this.fetchCellNames());
    this.counts = {
      categories: (column) => this.tallying?.categories(column) ?? null,
      histogram: (source) => this.tallying?.histogram(source) ?? null,
      pointState: () => this.tallying?.pointState() ?? NOTHING,
      selected: () => this.tallying?.selected() ?? NOTHING,
    };
    this.client.onReach((server) => this.store.setState({ server }));
    for (const problem of problems) this.notify(problem);
    void this.start(state);
  }

  do(action: Action, asStep = true): void {
    if (!this.dataset) {
      this.early.push(action);
    } else if (namesGenes(action) && !this.genes.ready) {
      this.waitingForGenes += 1;
      this.genes
        .load()
        .then(() => this.admit(action, asStep))
        .catch((error: unknown) => this.report(error))
        .finally(() => {
          this.waitingForGenes -= 1;
          this.checkSettled();
        });
    } else {
      this.admit(action, asStep);
    }
  }

  preview(action: Action | null): void {
    if (action === this.transient) return;
    this.transient = action;
    this.show();
  }

  undo(): void {
    this.transient = null;
    this.history.undo();
    this.show();
  }

  redo(): void {
    this.transient = null;
    this.history.redo();
    this.show();
  }

  names(cells: number[]): Promise<string[]> {
    return this.cellNames.of(cells);
  }

  retry(key: ColumnKey): void {
    this.cache.retry(key);
  }

  keepCells(key: string, bits: Uint8Array): void {
    if (!this.tallying) {
      this.keptCells.push([key, bits]);
      return;
    }
    this.tallying.keepCells(key, bits);
    this.recount();
  }

  setProgress(progress: Progress): void {
    this.store.setState({ progress });
  }

  notify(message: string): void {
    addNotice(this.store, message);
  }

  dismiss(notice: number): void {
    dropNotice(this.store, notice);
  }

  settled(): Promise<boolean> {
    return new Promise((resolve) => {
      this.settling.push(resolve);
      this.checkSettled();
    });
  }

  committed(): ViewState {
    return this.history.view;
  }

  reload(): void {
    this.fragment.write(this.history.view);
    this.fragment.flush();
    if (this.host) this.host.reload();
    else globalThis.location?.reload();
  }

  dispose(): void {
    this.closed.abort();
    this.fragment.flush();
    this.fragment.dispose();
    this.cache.dispose();
    this.tallying?.dispose();
    this.client.dispose();
    for (const resolve of this.settling.splice(0)) resolve(false);
  }

  private get dataset(): DatasetInfo | null {
    return this.store.getState().dataset;
  }

  private get known(): Known {
    return {
      dataset: this.dataset!,
      gene: (symbol) => (this.genes.ready ? this.genes.lookup(symbol) : null),
      categories: (key) => {
        const column = this.cache.get(key);
        const info = this.dataset?.obs.find((entry) => entry.name === parseKey(key).name);
        return column?.kind === "categorical" ? column.categories : info?.categories;
      },
    };
  }

  private async start(given: Partial<ViewState>): Promise<void> {
    try {
      this.begin(await open(this.client, given, this.closed.signal), given);
    } catch (error) {
      if (isAbort(error) || this.closed.signal.aborted) return;
      if (!(error instanceof ApiError && error.code === "expired"))
        this.store.setState({ fatal: fatal(error) });
      this.checkSettled();
      // An unforeseen error is a bug of ours: it must not vanish.
      if (!(error instanceof ApiError)) throw error;
    }
  }

  /** The first answers are here: from now on there is something to show. */
  private begin({ dataset, layout, status, columns }: Opened, given: Partial<ViewState>): void {
    Object.assign(this.layout, layout);
    this.store.setState({ dataset });
    const { value, problems } = checkState(this.history.view, this.known);
    for (const problem of problems) this.notify(problem);
    this.history.amend({
      ...value,
      embedding: value.embedding ?? null,
      color: value.color ?? (given.color === null ? null : defaultColor(dataset)),
      revision: status.revision,
    });
    const worker = typeof Worker === "undefined" ? null : () => new CountingWorker();
    this.tallying = new Tallying(dataset.nObs, this.cache, (changed) => this.onCounts(changed), worker);
    for (const [key, bits] of this.keptCells.splice(0)) this.tallying.keepCells(key, bits);
    for (const [key, column] of columns) this.cache.put(key, column);
    this.show();
    for (const action of this.early.splice(0)) this.do(action, false);
    const { signal } = this.closed;
    void followStatus(this.client, status, signal, ({ progress }) => this.setProgress(progress));
    const named = namesGenes({ type: "setState", state: this.history.view });
    if (named) void this.dropUnknownGenes();
    setTimeout(() => this.lookAhead(), IDLE_MS);
  }

  private admit(action: Action, asStep: boolean): void {
    if (this.closed.signal.aborted) return;
    const { value, problems } = checkAction(action, this.known);
    for (const problem of problems) this.notify(problem);
    if (value && asStep) this.history.do(value, performance.now());
    else if (value) this.history.amend(apply(this.history.view, value));
    this.transient = null;
    this.show();
  }

  private show(): void {
    const before = this.store.getState();
    const { view: committed, canUndo, canRedo } = this.history;
    const view = this.transient ? apply(committed, this.transient) : committed;
    if (view !== before.view || canUndo !== before.canUndo || canRedo !== before.canRedo) {
      this.store.setState({ view, canUndo, canRedo });
    }
    if (!this.dataset) return;
    if (!this.transient) this.fragment.write(committed);
    const { color, embedding, filters, genes } = before.view;
    const same =
      view.color === color &&
      view.embedding === embedding &&
      view.filters === filters &&
      view.genes === genes;
    if (!same || this.store.getState().tally.total === 0) this.follow(view, this.dataset);
    this.checkSettled();
  }

  /** Fetches what this view needs and nothing that only an earlier one needed. */
  private follow(view: ViewState, dataset: DatasetInfo): void {
    const needed = neededColumns(view, dataset);
    this.cache.pin(needed);
    for (const key of this.cache.loadingKeys()) {
      if (parseKey(key).axis !== "obs" && !needed.has(key)) this.cache.cancel(key);
    }
    for (const key of needed) this.cache.want(key, "high");
    this.recount();
    this.tally();
  }

  private recount(): void {
    const { view } = this.store.getState();
    this.tallying?.follow(view.filters, new Set(view.genes.map(geneKey)), this.cache.loadedKeys());
  }

  private onColumn(event: ColumnEvent): void {
    const { key, status } = event;
    const columns = { ...this.store.getState().columns };
    if (status === "dropped") delete columns[key];
    else if (status === "failed") columns[key] = { error: event.error.message, code: event.error.code };
    else columns[key] = status;
    this.store.setState({ columns });
    if (status === "ready" || status === "dropped") this.recount();
    if (status === "ready" && event.column.kind === "embedding") this.tally();
    this.checkSettled();
  }

  private onCounts(selectionChanged: boolean): void {
    const { version } = this.store.getState();
    this.store.setState({
      version: { counts: version.counts + 1, points: version.points + (selectionChanged ? 1 : 0) },
    });
    this.tally();
    this.checkSettled();
  }

  private tally(): void {
    const { view, tally: before } = this.store.getState();
    const dataset = this.dataset;
    if (!dataset) return;
    const embedding = shownEmbedding(view, dataset);
    const column = embedding === null ? undefined : this.cache.get(layoutKey(embedding));
    const missing =
      column?.missing ?? (embedding === null ? dataset.nObs : (dataset.missing[embedding] ?? 0));
    const tally = {
      total: dataset.nObs,
      drawn: dataset.nObs - missing,
      selected: this.tallying?.nSelected ?? dataset.nObs,
    };
    if (tally.selected !== before.selected || tally.drawn !== before.drawn || tally.total !== before.total) {
      this.store.setState({ tally });
    }
  }

  private lookAhead(): void {
    const dataset = this.dataset;
    if (!dataset || this.closed.signal.aborted) return;
    let bytes = 0;
    for (const { name, kind, categories } of dataset.obs) {
      if (kind === "string") continue;
      bytes += dataset.nObs * (kind === "continuous" ? 4 : (categories?.length ?? 0) > 127 ? 2 : 1);
      if (bytes > AHEAD_BYTES) break;
      this.cache.want(obsKey(name));
    }
    this.genes.load().catch(() => undefined); // whoever needs the names asks again and is told
  }

  /** A link may name genes of another dataset: they go once it is known which genes there are. */
  private async dropUnknownGenes(): Promise<void> {
    try {
      await this.genes.load();
    } catch (error) {
      return this.report(error);
    }
    const { color } = this.history.view;
    const { value, problems } = checkState(this.history.view, this.known);
    for (const problem of problems) this.notify(problem);
    this.history.amend({ ...value, color: value.color ?? (color && defaultColor(this.dataset!)) });
    this.show();
  }

  private paste({ state, problems }: Validated): void {
    for (const problem of problems) this.notify(problem);
    if (Object.keys(state).length === 0) return;
    // A link leaves out what is as it is at first.
    const { revision, ...all } = initialView({ color: this.history.view.color, ...state });
    this.do({ type: "setState", state: all });
  }

  private checkSettled(): void {
    const { view, columns, fatal } = this.store.getState();
    const waiting =
      !fatal &&
      (!this.tallying ||
        this.tallying.busy ||
        this.waitingForGenes > 0 ||
        filterColumns(view).some((key) => columns[key] === "loading"));
    if (waiting) return;
    const exact = this.tallying?.pending === false;
    for (const resolve of this.settling.splice(0)) resolve(exact);
  }

  private report(error: unknown): void {
    if (isAbort(error) || this.closed.signal.aborted) return;
    this.notify(error instanceof Error ? error.message : String(error));
  }

  private async fetchGeneNames(): Promise<string[]> {
    const question = `annotations/var?annotation-name=${encodeURIComponent(this.layout.varIndex)}`;
    const answer = await this.client.ask(question, { signal: this.closed.signal });
    return texts(arrowColumns(answer)[0]!.column);
  }

  private async fetchCellNames() {
    const question = `annotations/obs?annotation-name=${encodeURIComponent(this.dataset?.obsIndex ?? "name_0")}`;
    const answer = await this.client.ask(question, { signal: this.closed.signal });
    return arrowColumns(answer)[0]!.column;
  }
}

function defaultColor({ defaultColor: name }: DatasetInfo): ViewState["color"] {
  return name === null ? null : { kind: "obs", name };
}

function fatal(error: unknown): { title: string; message: string } {
  const message = error instanceof Error ? error.message : String(error);
  const code = error instanceof ApiError ? error.code : null;
  if (code === "not_found") return { title: "The data of this view is gone", message };
  if (code === "forbidden") return { title: "This dataset is not yours to see", message };
  return { title: "The viewer could not start", message };
}
