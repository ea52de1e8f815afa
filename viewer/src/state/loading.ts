// Columns on their way: the view's own at once, obs columns that a panel may show ahead of need.

import { arrowColumns, texts } from "../api/arrow";
import type { Client } from "../api/client";
import { ColumnCache, type ColumnEvent } from "../data/columns";
import { Genes } from "../data/genes";
import { obsKey, parseKey } from "../data/keys";
import { Names } from "../data/names";
import type { Layout } from "../data/questions";
import { neededColumns } from "./needs";
import type { ViewState } from "./state";
import type { AppStore, DatasetInfo } from "./store";

// obs columns are fetched ahead of need up to here; beyond, when a panel shows them.
const AHEAD_BYTES = 256 * 2 ** 20;

export class Loading {
  readonly cache: ColumnCache;
  readonly genes: Genes;
  readonly cellNames: Names;
  private readonly layout: Layout = { varIndex: "name_0", kind: () => undefined };

  constructor(
    client: Client,
    private readonly store: AppStore,
    signal: AbortSignal,
    private readonly onEvent: (event: ColumnEvent) => void,
  ) {
    this.cache = new ColumnCache(client, this.layout, (event) => this.onColumn(event));
    const column = async (axis: "obs" | "var", name: string) => {
      const question = `annotations/${axis}?annotation-name=${encodeURIComponent(name)}`;
      return arrowColumns(await client.ask(question, { signal }))[0]!.column;
    };
    this.genes = new Genes(async () => texts(await column("var", this.layout.varIndex)));
    this.cellNames = new Names(() => column("obs", store.getState().dataset?.obsIndex ?? "name_0"));
  }

  /** What the columns are called is known now. */
  learn(layout: Layout): void {
    Object.assign(this.layout, layout);
  }

  /** Fetches what this view needs, and stops fetching what only an earlier one needed. */
  follow(view: ViewState, dataset: DatasetInfo): void {
    const needed = neededColumns(view, dataset);
    this.cache.pin(needed);
    for (const key of this.cache.loadingKeys()) {
      if (parseKey(key).axis !== "obs" && !needed.has(key)) this.cache.cancel(key);
    }
    for (const key of needed) this.cache.want(key, "high");
  }

  get waitsForGenes(): boolean {
    return this.cache.loadingKeys().some((key) => parseKey(key).axis === "gene");
  }

  lookAhead({ obs, nObs }: DatasetInfo): void {
    let bytes = 0;
    for (const { name, kind, categories } of obs) {
      if (kind === "string") continue;
      bytes += nObs * (kind === "continuous" ? 4 : (categories?.length ?? 0) > 127 ? 2 : 1);
      if (bytes > AHEAD_BYTES) break;
      this.cache.want(obsKey(name));
    }
    this.genes.load().catch(() => undefined); // whoever needs the names asks again and is told
  }

  private onColumn(event: ColumnEvent): void {
    const { key, status } = event;
    const columns = { ...this.store.getState().columns };
    if (status === "dropped") delete columns[key];
    else if (status === "failed") columns[key] = { error: event.error.message, code: event.error.code };
    else columns[key] = status;
    this.store.setState({ columns });
    this.onEvent(event);
  }
}
