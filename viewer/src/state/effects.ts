// Everything that takes time: the first questions, the columns that the view needs, counting, the progress
// of the publishing kernel, the URL. The view itself is changed by actions alone.

import { type Client, HttpClient } from "../api/client";
import { ApiError, isAbort } from "../api/errors";
import type { PageConfig } from "../api/types";
import type { ColumnEvent, Columns } from "../data/columns";
import CountingWorker from "../data/counting.worker?worker&inline";
import type { GeneIndex } from "../data/genes";
import { type ColumnKey, geneKey, parseKey } from "../data/keys";
import { type Action, apply, sameJson } from "./actions";
import type { Counts } from "./counts";
import { pageFragment } from "./fragment";
import { History } from "./history";
import { initialView } from "./initial";
import { checkAction, checkState, type Known, namesGenes } from "./known";
import { Loading } from "./loading";
import { filterColumns, tallyOf } from "./needs";
import { addNotice, dropNotice } from "./notices";
import { type Opened, open } from "./opening";
import { StatusWatch } from "./progress";
import type { ViewState } from "./state";
import { type AppStore, createAppStore, type DatasetInfo, type Progress } from "./store";
import { Tallying } from "./tallying";
import type { Validated } from "./validate";
import type { Host, Viewer, ViewerOptions } from "./viewer";

const IDLE_MS = 50;

const NOTHING = new Uint8Array(0);

const NO_EMBEDDING = {
  title: "There is nothing to draw",
  message: "This dataset has no embedding: compute one, such as sc.tl.umap(adata), and run the cell again.",
};

export class Runtime implements Viewer {
  readonly store: AppStore;
  readonly columns: Columns;
  readonly counts: Counts;
  readonly genes: GeneIndex;
  private readonly client: Client;
  private readonly host: Host | undefined;
  private readonly loading: Loading;
  private readonly history: History;
  private readonly closed = new AbortController();
  private readonly fragment = pageFragment((pasted) => this.paste(pasted));
  private readonly status: StatusWatch;
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
    const { signal } = this.closed;
    this.loading = new Loading(this.client, this.store, signal, (event) => this.onColumn(event));
    this.status = new StatusWatch(this.client, signal, ({ progress }) => this.setProgress(progress));
    this.columns = this.loading.cache;
    this.genes = this.loading.genes;
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
    return this.loading.cellNames.of(cells);
  }

  retry(key: ColumnKey): void {
    this.loading.cache.retry(key);
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
    this.loading.cache.dispose();
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
        const column = this.loading.cache.get(key);
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
    this.loading.learn(layout);
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
    this.tallying = new Tallying(
      dataset.nObs,
      this.loading.cache,
      (changed) => this.onCounts(changed),
      worker,
    );
    for (const [key, bits] of this.keptCells.splice(0)) this.tallying.keepCells(key, bits);
    for (const [key, column] of columns) this.loading.cache.put(key, column);
    this.show();
    if (dataset.embeddings.length === 0) this.store.setState({ fatal: NO_EMBEDDING });
    for (const action of this.early.splice(0)) this.do(action, false);
    const { signal } = this.closed;
    if (this.status.tell(status)) void this.status.watch(() => this.loading.waitsForGenes);
    const named = namesGenes({ type: "setState", state: this.history.view });
    if (named) void this.dropUnknownGenes();
    setTimeout(() => signal.aborted || this.loading.lookAhead(dataset), IDLE_MS);
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

  private follow(view: ViewState, dataset: DatasetInfo): void {
    this.loading.follow(view, dataset);
    this.recount();
    this.tally();
  }

  private recount(): void {
    const { view } = this.store.getState();
    this.tallying?.follow(view.filters, new Set(view.genes.map(geneKey)), this.loading.cache.loadedKeys());
  }

  private onColumn(event: ColumnEvent): void {
    if (event.status === "ready" || event.status === "dropped") this.recount();
    // A gene that takes long may wait for the index: then the bar says how far that is.
    if (event.status === "loading") void this.status.watch(() => this.loading.waitsForGenes);
    if (event.status === "ready" && event.column.kind === "embedding") this.tally();
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
    const { view, dataset, tally: before } = this.store.getState();
    if (!dataset) return;
    const tally = tallyOf(view, dataset, this.columns, this.tallying?.nSelected ?? dataset.nObs);
    if (!sameJson(tally, before)) this.store.setState({ tally });
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
