// Everything that takes time: the first questions, the columns that the view needs, counting, the progress
// of the publishing kernel, the URL. The view itself is changed by actions alone.

import { type Client, HttpClient } from "../api/client";
import { ApiError, isAbort } from "../api/errors";
import type { PageConfig, TableDoc } from "../api/types";
import type { ColumnEvent, Columns } from "../data/columns";
import type { GeneIndex } from "../data/genes";
import type { ColumnKey } from "../data/keys";
import { type Action, apply } from "./actions";
import { startAnnotating } from "./annotatingStart";
import type { Annotations } from "./annotations";
import { ComparisonRuns } from "./comparisonRuns";
import { Counted } from "./counted";
import type { Counts } from "./counts";
import { createFacts } from "./facts";
import { NO_EMBEDDING } from "./fatal";
import { addressOf, pageFragment, stateToBeginWith } from "./fragment";
import { GeneNames } from "./geneNames";
import { type Beside, History } from "./history";
import { Images } from "./images";
import { initialView } from "./initial";
import { checkAction, checkState, type Known, knownOf, namesGenes } from "./known";
import type { Arrival } from "./link";
import { Loading } from "./loading";
import { filterColumns, sameNeeds } from "./needs";
import { createNeighbors, type Neighbors } from "./neighbors";
import { addNotice, dropNotice } from "./notices";
import { defaultColor, type Opened } from "./opening";
import { StatusWatch } from "./progress";
import { createSavedViews, type SavedViews } from "./savedViews";
import { SetKeeper } from "./setKeeper";
import { withGenesOf } from "./setSources";
import { createSharing, type Sharing } from "./sharing";
import { Starting } from "./starting";
import type { Filter, ViewState } from "./state";
import { type AppStore, createAppStore, type DatasetInfo, type Progress } from "./store";
import type { Host, Viewer, ViewerOptions } from "./viewer";
import { type Visited, Visits } from "./visits";

export class Runtime implements Viewer {
  readonly page: { id: string; version: string };
  readonly store: AppStore;
  readonly columns: Columns;
  readonly counts: Counts;
  readonly genes: GeneIndex;
  readonly images: Images;
  readonly sets: SetKeeper;
  readonly comparisons: ComparisonRuns;
  annotations: Annotations | null = null;
  readonly neighbors: Neighbors;
  readonly facts: Viewer["facts"];
  readonly cancelOpening = (): void => this.starting.cancel();
  readonly sharing: Sharing | null;
  readonly views: SavedViews | null;
  private readonly client: Client;
  private readonly host: Host | undefined;
  private readonly loading: Loading;
  private readonly counted: Counted;
  private readonly history: History;
  private readonly closed = new AbortController();
  private readonly fragment = pageFragment({
    onPaste: (pasted) => void this.visits.paste(pasted),
    onTravel: (view) => this.visits.travel(view),
  });
  private stepped = false; // the user did something that the page's address does not have yet
  private readonly status: StatusWatch;
  private readonly byLink: boolean;
  private readonly root: string;
  private readonly starting: Starting;
  private transient: Action | null = null;
  private early: Action[] = []; // asked for before the dataset was known: never steps
  private readonly geneNames: GeneNames;
  private readonly visits: Visits;
  /** How parts with a history of their own change the view. */
  private readonly steps = {
    record: (beside: Beside, changes?: Partial<ViewState>) => this.record(beside, changes),
    amend: (changes: (view: ViewState) => Partial<ViewState>) => this.amend(changes(this.history.view)),
    notify: (message: string) => this.notify(message),
  };
  private settling: ((exact: boolean) => void)[] = [];

  constructor(config: PageConfig, options: ViewerOptions) {
    const { state, problems } = stateToBeginWith(this.fragment.initial, config);
    this.host = options.host;
    this.page = { id: config.id, version: config.version };
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
    this.geneNames = new GeneNames(
      this.genes,
      this.store,
      (error) => this.report(error),
      () => this.checkSettled(),
    );
    this.images = new Images(this.client, this.store, signal);
    this.counted = new Counted(this.store, this.loading.cache, () => this.checkSettled());
    this.counts = this.counted.counts;
    this.sets = new SetKeeper(this.client, this.store, this.genes, this.steps, signal);
    const passing = (filters: Filter[], until: AbortSignal) => this.counted.passing(filters, until);
    this.comparisons = new ComparisonRuns(this.client, this.store, passing, signal);
    this.neighbors = createNeighbors(this.client);
    this.facts = createFacts(this.client);
    this.client.onReach((server) => {
      this.store.setState({ server });
      if (server === "online") this.annotations?.retry();
    });
    for (const problem of problems) this.notify(problem);
    this.sharing = config.sharing
      ? createSharing(this.client, () => this.history.view, this.counted.kept)
      : null;
    const visited: Visited = {
      view: () => this.history.view,
      known: () => (this.dataset ? this.known : null),
      loadGenes: () => this.genes.load(),
      cells: this.counted.kept,
      keepCells: (key, bits) => this.keepCells(key, bits),
      do: (action) => this.do(action),
      notify: (message, details) => this.notify(message, details),
      report: (error) => this.report(error),
    };
    this.visits = new Visits(visited);
    this.visits.madeOn = this.fragment.initial.madeOn;
    this.views = config.views ? createSavedViews(this.client, visited, this.visits) : null;
    this.byLink = config.link !== undefined;
    this.root = config.root;
    this.starting = new Starting(this.client, this.store, config, signal);
    void this.start(state);
  }

  do(action: Action, asStep = true): void {
    const admit = (): void => this.admit(action, asStep);
    if (!this.dataset) this.early.push(action);
    else if (namesGenes(action) && !this.genes.ready) void this.geneNames.before(action, admit);
    else admit();
  }

  preview(action: Action | null): void {
    if (action === this.transient) return;
    this.transient = action;
    this.show();
  }

  undo(): void {
    this.history.undo();
    this.afterTravel();
  }

  redo(): void {
    this.history.redo();
    this.afterTravel();
  }

  record(beside: Beside, changes: Partial<ViewState> = {}): void {
    this.transient = null;
    this.history.record(beside, changes);
    this.stepped = true;
    this.show();
  }

  watch(key: ColumnKey): () => void {
    return this.counted.watch(key);
  }

  names(cells: number[]): Promise<string[]> {
    return this.loading.cellNames.of(cells);
  }

  figure(question: object, signal: AbortSignal): Promise<TableDoc> {
    return this.client.table("figures", question, signal);
  }

  retry(key: ColumnKey): void {
    this.loading.cache.retry(key);
  }

  keepCells(key: string, bits: Uint8Array): void {
    this.counted.keep(key, bits);
  }

  cells(key: string): Uint8Array | undefined {
    return this.counted.kept.get(key);
  }

  setProgress(progress: Progress): void {
    this.store.setState({ progress });
  }

  notify(message: string, details?: string[]): void {
    addNotice(this.store, message, details);
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

  address(): string | null {
    return this.byLink ? null : addressOf(this.history.view);
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
    this.counted.dispose();
    this.client.dispose();
    for (const resolve of this.settling.splice(0)) resolve(false);
  }

  private get dataset(): DatasetInfo | null {
    return this.store.getState().dataset;
  }

  private get known(): Known {
    return knownOf(this.dataset!, this.genes, this.loading.cache);
  }

  private async start(given: Partial<ViewState>): Promise<void> {
    try {
      const opened = await this.starting.done(given);
      if (opened) this.begin(opened, opened.arrival?.state ?? given);
    } finally {
      this.checkSettled();
    }
  }

  /** The first answers are here: from now on there is something to show. */
  private begin({ arrival, dataset, layout, status, columns }: Opened, given: Partial<ViewState>): void {
    this.loading.learn(layout);
    this.store.setState({ dataset });
    if (arrival) this.arrive(arrival);
    const { value, problems } = checkState(this.history.view, this.known);
    this.visits.tell(problems, undefined, status.revision);
    this.history.amend({
      ...value,
      embedding: value.embedding ?? null,
      color: value.color ?? (given.color === null ? null : defaultColor(dataset)),
      revision: status.revision,
    });
    this.counted.begin(dataset.nObs);
    for (const [key, column] of columns) this.loading.cache.put(key, column);
    this.show();
    this.follow(this.store.getState().view, dataset); // also where the view says all by itself
    if (dataset.embeddings.length === 0) this.store.setState({ fatal: NO_EMBEDDING });
    for (const action of this.early.splice(0)) this.do(action, false);
    if (this.status.tell(status)) void this.status.watch(() => this.loading.waitsForGenes);
    if (namesGenes({ type: "setState", state: this.history.view })) void this.dropUnknownGenes();
    void this.sets.start(dataset.savesGeneSets);
    if (dataset.annotating) {
      this.annotations = startAnnotating(this.client, this.store, this.root, this.closed.signal, {
        columns: this.loading.cache,
        revise: (key) => this.counted.revise(key),
        selected: () => this.counts.selected(),
        ...this.steps,
      });
    }
    this.loading.lookAhead(dataset);
  }

  /** What a link shows comes before the first picture. */
  private arrive({ expires, state, cells, problems }: Arrival): void {
    for (const problem of problems) this.notify(problem);
    for (const [key, bits] of cells) this.counted.kept.set(key, bits);
    this.history.amend(state);
    this.store.setState({ link: { expires } });
  }

  private admit(action: Action, asStep: boolean): void {
    if (this.closed.signal.aborted) return;
    const { value, problems } = checkAction(action, this.known);
    for (const problem of problems) this.notify(problem);
    this.stepped ||= value !== null && asStep;
    if (value && asStep) this.history.do(value, performance.now());
    else if (value) this.history.amend(apply(this.history.view, value));
    this.followSets();
    this.transient = null;
    this.show();
  }

  private afterTravel(): void {
    this.transient = null;
    this.stepped = true;
    this.followSets();
    this.show();
  }

  /** Something of the view that is not the user's doing. */
  private amend(changes: Partial<ViewState>): void {
    this.history.amend(changes);
    this.show();
  }

  /** What names a gene set shows the one there is by now, also after undo. */
  private followSets(): void {
    this.history.amend(withGenesOf(this.history.view, this.store.getState().sets.list));
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
    if (!this.transient && !this.byLink) {
      this.fragment.write(committed, this.stepped);
      this.stepped = false;
    }
    if (!sameNeeds(view, before.view)) this.follow(view, this.dataset);
    this.checkSettled();
  }

  private follow(view: ViewState, dataset: DatasetInfo): void {
    this.loading.follow(view, dataset, this.counted.watchedKeys());
    this.images.follow(view, dataset);
    this.counted.recount();
    this.counted.tally();
  }

  private onColumn(event: ColumnEvent): void {
    if (event.status === "ready" || event.status === "dropped") this.counted.recountSoon();
    // A gene that takes long may wait for the index: then the bar says how far that is.
    if (event.status === "loading") void this.status.watch(() => this.loading.waitsForGenes);
    if (event.status === "ready" && event.column.kind === "embedding") this.counted.tally();
    this.checkSettled();
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
    this.visits.tell(problems);
    this.history.amend({ ...value, color: value.color ?? (color && defaultColor(this.dataset!)) });
    this.show();
  }

  private checkSettled(): void {
    const { view, columns, fatal } = this.store.getState();
    const waiting =
      !fatal &&
      (this.counted.busy ||
        this.geneNames.awaited ||
        filterColumns(view).some((key) => columns[key] === "loading"));
    if (waiting) return;
    const exact = this.counted.exact;
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
