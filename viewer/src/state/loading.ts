// Columns on their way: the view's own at once, obs columns that a panel may show ahead of need.

import { type ArrowColumn, arrowColumns, asText, texts } from "../api/arrow";
import type { Client } from "../api/client";
import { ColumnCache, type ColumnEvent } from "../data/columns";
import { otherNames } from "../data/geneNames";
import { Genes } from "../data/genes";
import { type ColumnKey, obsKey, parseKey } from "../data/keys";
import { Names } from "../data/names";
import type { Layout } from "../data/questions";
import { formatNumber } from "../lib/format";
import { neededColumns } from "./needs";
import type { ViewState } from "./state";
import type { AppStore, DatasetInfo } from "./store";

const MAX_FACTS = 32; // columns of var that a gene's card shows
const IDLE_MS = 50;
// obs columns are fetched ahead of need up to here; beyond, when a panel shows them.
const AHEAD_BYTES = 256 * 2 ** 20;

export class Loading {
  readonly cache: ColumnCache;
  readonly genes: Genes;
  readonly cellNames: Names;
  private onKnown = (): void => {};
  private readonly known = new Promise<void>((resolve) => (this.onKnown = resolve));
  private varColumns: Promise<(readonly [string, ArrowColumn])[]> | null = null;
  private readonly layout: Layout = { varIndex: "name_0", kind: () => undefined };

  constructor(
    client: Client,
    private readonly store: AppStore,
    private readonly signal: AbortSignal,
    private readonly onEvent: (event: ColumnEvent) => void,
  ) {
    this.cache = new ColumnCache(client, this.layout, (event) => this.onColumn(event));
    const column = async (axis: "obs" | "var", name: string) => {
      const question = `annotations/${axis}?annotation-name=${encodeURIComponent(name)}`;
      return arrowColumns(await client.ask(question, { signal }))[0]!.column;
    };
    this.genes = new Genes(
      async () => {
        await this.known; // what the columns of var are called
        const names = texts(await column("var", this.layout.varIndex));
        const columns = store.getState().dataset?.varColumns ?? [];
        const found = otherNames(
          names,
          columns.flatMap(({ name, type }) => (type === "string" || type === "categorical" ? [name] : [])),
        );
        // Without their second names the genes are still found by the first.
        const second = found && (await column("var", found.column).catch(() => null));
        const others = found && second && { names: texts(second), areSymbols: found.areSymbols };
        return { names, others };
      },
      (position) => this.factsOf(position, column),
    );
    this.cellNames = new Names(() => column("obs", store.getState().dataset?.obsIndex ?? "name_0"));
  }

  /** The columns of var, fetched once and whole: they are small beside one gene of a million cells. */
  private async factsOf(
    position: number,
    column: (axis: "var", name: string) => Promise<ArrowColumn>,
  ): Promise<[string, string][]> {
    const shown = (this.store.getState().dataset?.varColumns ?? []).slice(0, MAX_FACTS);
    this.varColumns ??= Promise.all(
      shown.map(async ({ name }) => [name, await column("var", name)] as const),
    );
    try {
      return (await this.varColumns).flatMap(([name, values]): [string, string][] => {
        const value: unknown = values.at(position);
        if (value === null || value === undefined || value === "") return [];
        return [[name, typeof value === "number" ? formatNumber(value) : asText(value)]];
      });
    } catch (error) {
      this.varColumns = null; // the next card asks again
      throw error;
    }
  }

  /** What the columns are called is known now. */
  learn(layout: Layout): void {
    Object.assign(this.layout, layout);
    this.onKnown();
  }

  /** Fetches what this view needs, and stops fetching what only an earlier one needed. */
  follow(view: ViewState, dataset: DatasetInfo, watched: Iterable<ColumnKey> = []): void {
    const needed = neededColumns(view, dataset);
    const kept = new Set([...needed, ...watched]);
    this.cache.pin(kept);
    for (const key of this.cache.loadingKeys()) {
      if (parseKey(key).axis !== "obs" && !kept.has(key)) this.cache.cancel(key);
    }
    for (const key of needed) this.cache.want(key, "high");
  }

  get waitsForGenes(): boolean {
    return this.cache.loadingKeys().some((key) => ["gene", "layer", "set"].includes(parseKey(key).axis));
  }

  /** What will be asked for soon, once the page has had time to show what it has. */
  lookAhead(dataset: DatasetInfo): void {
    setTimeout(() => this.signal.aborted || this.askAhead(dataset), IDLE_MS);
  }

  private askAhead({ obs, nObs }: DatasetInfo): void {
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
