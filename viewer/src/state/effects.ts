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
import { fatal, NO_EMBEDDING } from "./fatal";
import { pageFragment } from "./fragment";
import { History } from "./history";
import { initialView } from "./initial";
import { checkAction, checkState, type Known, namesGenes } from "./known";
import { type Arrival, OPEN_AGAIN } from "./link";
import { Loading } from "./loading";
import { filterColumns, tallyOf } from "./needs";
import { addNotice, dropNotice } from "./notices";
import { type Opened, open } from "./opening";
import { StatusWatch } from "./progress";
import { createSharing, type Sharing } from "./sharing";
import type { ViewState } from "./state";
import { type AppStore, createAppStore, type DatasetInfo, type Progress } from "./store";
import { Tallying } from "./tallying";
import { type Validated, validState } from "./validate";
import type { Host, Viewer, ViewerOptions } from "./viewer";
import { FileOpening } from "./waiting";

const IDLE_MS = 50;

const NOTHING = new Uint8Array(0);

export class Runtime implements Viewer {
  readonly store: AppStore;
  readonly columns: Columns;
  readonly counts: Counts;
  readonly genes: GeneIndex;
  readonly sharing: Sharing | null;
  private readonly client: Client;
  private readonly host: Host | undefined;
  private readonly loading: Loading;
  private readonly history: History;
  private readonly closed = new AbortController();
  private readonly fragment = pageFragment((pasted) => this.paste(pasted));
  private readonly status: StatusWatch;
  private readonly byLink: boolean;
  private opening: FileOpening | null = null;
  private tallying: Tallying | null = null;
  private transient: Action | null = null;
  private early: Action[] = []; // asked for before the dataset was known: never steps
  private waitingForGenes = 0;
  private readonly keptCells = new Map<string, Uint8Array>();
  private settling: ((exact: boolean) => void)[] = [];

  constructor(config: PageConfig, options: ViewerOptions) {
    const { state, problems } = stateToBeginWith(this.fragment.initial, config);
    this.host = options.host;
    this.client = options.client ?? new HttpClient(config);
    this.history = new History(initialView(state));
    this.store = createAppStore(this.history.view);
    const { signal } = this.closed;
    this.loading = new Loading(this.client, this.store, signal, (event) => this.onColumn(event));
    this.status = new StatusWatch(
      this.client,
      signal,
      ({ progress }) => this.setProgress(progress),
      (error) => this.onTrouble(error),
    );
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
    this.sharing = config.sharing
      ? createSharing(this.client, () => this.history.view, this.keptCells)
      : null;
    this.byLink = config.link !== undefined;
    if (this.byLink && config.capability === null)
      this.store.setState({ fatal: { ...OPEN_AGAIN, final: true } });
    else void this.start(state, config.opening ? config.title : null);
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
    this.keptCells.set(key, bits);
    this.tallying?.keepCells(key, bits);
    if (this.tallying) this.recount();
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

  cancelOpening(): void {
    void this.opening?.cancel();
  }

  reload(): void {
    // Before the dataset is known there is no view to take along.
    if (this.dataset) this.fragment.write(this.history.view);
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

  private async start(given: Partial<ViewState>, file: string | null): Promise<void> {
    try {
      if (file !== null) await this.waitForFile(file);
      const opened = await open(this.client, given, this.byLink, this.closed.signal);
      this.begin(opened, opened.arrival?.state ?? given);
    } catch (error) {
      if (isAbort(error) || this.closed.signal.aborted) return;
      // An owner's page that has expired is loaded again; a link that has ended stays ended.
      const expired = error instanceof ApiError && error.code === "expired";
      if (this.byLink) this.store.setState({ fatal: { ...fatal(error), final: true } });
      else if (!expired) this.store.setState({ fatal: this.opening?.fatal(error) ?? fatal(error) });
      this.checkSettled();
      // An unforeseen error is a bug of ours: it must not vanish.
      if (!(error instanceof ApiError)) throw error;
    }
  }

  private async waitForFile(title: string): Promise<void> {
    const tell = (progress: Progress) => this.store.setState({ opening: progress && { title, ...progress } });
    this.opening = new FileOpening(this.client, title, tell);
    await this.opening.done(this.closed.signal);
    this.opening = null;
  }

  /** The first answers are here: from now on there is something to show. */
  private begin({ arrival, dataset, layout, status, columns }: Opened, given: Partial<ViewState>): void {
    this.loading.learn(layout);
    this.store.setState({ dataset });
    if (arrival) this.arrive(arrival);
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
    for (const [key, bits] of this.keptCells) this.tallying.keepCells(key, bits);
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

  /** What a link shows comes before the first picture. */
  private arrive({ expires, state, cells, problems }: Arrival): void {
    for (const problem of problems) this.notify(problem);
    for (const [key, bits] of cells) this.keptCells.set(key, bits);
    this.history.amend(state);
    this.store.setState({ link: { expires } });
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
    // The address of a guest's page stays as it is: nobody could open it again.
    if (!this.transient && !this.byLink) this.fragment.write(committed);
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

  private onTrouble(error: unknown): void {
    this.setProgress(null);
    if (!(error instanceof ApiError && error.code === "expired")) this.report(error); // said elsewhere
  }

  private report(error: unknown): void {
    if (isAbort(error) || this.closed.signal.aborted) return;
    this.notify(error instanceof Error ? error.message : String(error));
  }
}

/** The fragment is the newer one: it is written from what the page's address began with. */
function stateToBeginWith(fragment: Validated, config: PageConfig): Validated {
  if (Object.keys(fragment.state).length > 0) return fragment;
  const { state, problems } = validState(config.state ?? {});
  return { state, problems: [...fragment.problems, ...problems] };
}

function defaultColor({ defaultColor: name }: DatasetInfo): ViewState["color"] {
  return name === null ? null : { kind: "obs", name };
}
