// Comparisons as jobs of the server: asked for when somebody wants to see them, watched, fetched, cancelled.

import { json } from "../api/answers";
import type { Client } from "../api/client";
import { ApiError } from "../api/errors";
import type { JobDoc, RankingDoc } from "../api/types";
import { type Results, resultsOf } from "../data/results";
import { toBase64 } from "../lib/base64";
import { packBits } from "../lib/bitset";
import { type Against, type CellGroup, type Comparison, contentOf, filtersOf } from "./comparing";
import type { Filter } from "./state";
import type { AppStore } from "./store";

export type { Results } from "../data/results";

export type RunState =
  | { state: "starting" }
  | { state: "queued"; position: number | null }
  | { state: "running"; fraction: number }
  | { state: "done" }
  | { state: "failed"; message: string }
  | { state: "cancelled" };

export interface Sizes {
  a: number;
  b: number;
  both: number;
}

export interface Comparisons {
  /** Asks for the result, unless it is here or on its way: `store.runs[contentOf(…)]` tells how it goes. */
  want(comparison: Comparison): void;
  /** Asks again for one that failed or was cancelled. */
  retry(comparison: Comparison): void;
  cancel(comparison: Comparison): void;
  result(comparison: Comparison): Results | undefined;
  /** How many cells would be compared. */
  sizes(groups: { a: CellGroup | null; b: Against }, signal: AbortSignal): Promise<Sizes>;
  /** What scanpy's rank_genes_groups has left in the dataset. */
  rankings(): Promise<RankingDoc[]>;
}

/** Per cell 1 = passes all these filters. */
type Passing = (filters: Filter[], signal: AbortSignal) => Promise<Uint8Array>;

const KEPT = 12; // results in memory
const MOST_ROWS = 20_000; // of all categories together
const TOP = { least: 25, most: 500 }; // genes of each category
const POLL_MS = { first: 120, silent: 1000, connected: 5000 };

export class ComparisonRuns implements Comparisons {
  private readonly results = new Map<string, Results>(); // the least recently used first
  private readonly running = new Map<string, { stop: AbortController; job: string | null }>();
  private ranked: Promise<RankingDoc[]> | null = null;

  constructor(
    private readonly client: Client,
    private readonly store: AppStore,
    private readonly passing: Passing,
    private readonly closed: AbortSignal,
  ) {}

  want(comparison: Comparison): void {
    const content = contentOf(comparison);
    const run = this.store.getState().runs[content];
    if (run && (run.state !== "done" || this.results.has(content))) return;
    void this.run(comparison, content);
  }

  retry(comparison: Comparison): void {
    const content = contentOf(comparison);
    if (!this.running.has(content)) void this.run(comparison, content);
  }

  cancel(comparison: Comparison): void {
    const content = contentOf(comparison);
    const run = this.running.get(content);
    if (!run) return;
    this.running.delete(content);
    run.stop.abort();
    // Whether the server hears it or not: nobody here waits any more.
    if (run.job) this.client.call("POST", `jobs/${run.job}/cancel`, {}).catch(() => undefined);
    this.tell(content, { state: "cancelled" });
  }

  result(comparison: Comparison): Results | undefined {
    const content = contentOf(comparison);
    const found = this.results.get(content);
    if (found) {
      this.results.delete(content);
      this.results.set(content, found);
    }
    return found;
  }

  async sizes({ a, b }: { a: CellGroup | null; b: Against }, signal: AbortSignal): Promise<Sizes> {
    const [inA, inB] = await Promise.all([
      a && this.passing(filtersOf(a), signal),
      this.passing(filtersOf(b), signal),
    ]);
    const found: Sizes = { a: 0, b: 0, both: 0 };
    for (let i = 0; i < inB.length; i++) {
      const ofA = inA?.[i] ?? 0;
      const ofB = b.kind === "rest" ? inB[i]! & ~ofA & 1 : inB[i]!;
      found.a += ofA;
      found.b += ofB;
      found.both += ofA & ofB;
    }
    return found;
  }

  rankings(): Promise<RankingDoc[]> {
    this.ranked ??= this.client
      .ask("rankings", { signal: this.closed, priority: "low" })
      .then((answer) => json<{ rankings: RankingDoc[] }>(answer).rankings)
      .catch((error: unknown) => {
        this.ranked = null; // the next who asks tries again
        throw error;
      });
    return this.ranked;
  }

  private async run(comparison: Comparison, content: string): Promise<void> {
    const stop = new AbortController();
    const mine = { stop, job: null as string | null };
    const signal = AbortSignal.any([stop.signal, this.closed]);
    this.running.set(content, mine);
    this.tell(content, { state: "starting" });
    try {
      const results = await this.ask(comparison, content, mine, signal);
      if (signal.aborted) return;
      this.keep(content, results);
      this.tell(content, { state: "done" });
    } catch (error) {
      if (!signal.aborted) this.tell(content, failed(error));
    } finally {
      if (this.running.get(content) === mine) this.running.delete(content);
    }
  }

  private async ask(
    comparison: Comparison,
    content: string,
    mine: { job: string | null },
    signal: AbortSignal,
  ): Promise<Results> {
    if (comparison.kind === "ranking") {
      const question = `ranking?key=${encodeURIComponent(comparison.key)}`;
      return resultsOf(await this.client.ask(question, { signal }));
    }
    const body = await this.body(comparison, signal);
    for (let attempt = 0; ; attempt++) {
      signal.throwIfAborted();
      const job = await this.client.call<JobDoc>("POST", "jobs", body);
      mine.job = job.job;
      if (signal.aborted) void this.client.call("POST", `jobs/${job.job}/cancel`, {}).catch(() => undefined);
      signal.throwIfAborted();
      try {
        await this.finished(job, content, signal);
        return resultsOf(await this.client.ask(`job/result?id=${job.job}`, { signal }));
      } catch (error) {
        // A server that was started anew knows nothing of the job: it is asked once more.
        if (!(error instanceof ApiError && error.code === "not_found") || attempt > 0) throw error;
      }
    }
  }

  /** Resolves when the job is done; rejects with the reason when nothing comes of it. */
  private finished(first: JobDoc, content: string, signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      let timer: ReturnType<typeof setTimeout> | undefined;
      const end = (settle: () => void): void => {
        clearTimeout(timer);
        leave();
        signal.removeEventListener("abort", onAbort);
        settle();
      };
      const onAbort = (): void => end(() => reject(signal.reason));
      const take = (job: JobDoc): void => {
        if (job.state === "queued") this.tell(content, { state: "queued", position: job.position });
        else if (job.state === "running") {
          this.tell(content, { state: "running", fraction: job.progress?.fraction ?? 0 });
        } else if (job.state === "done") end(resolve);
        else end(() => reject(new Error(job.message ?? "The comparison came to nothing.")));
      };
      const look = async (): Promise<void> => {
        try {
          take(json<JobDoc>(await this.client.ask(`job?id=${first.job}`, { signal })));
        } catch (error) {
          end(() => reject(error));
        }
        const { silent, connected } = POLL_MS;
        if (timer !== undefined) timer = setTimeout(look, this.client.events.connected ? connected : silent);
      };
      const leave = this.client.events.listen(({ job }) => {
        if (job?.job === first.job) take(job);
      });
      signal.addEventListener("abort", onAbort);
      // News may pass before we listen, and there may be nobody who tells them.
      timer = setTimeout(look, POLL_MS.first);
      take(first);
    });
  }

  private async body(
    comparison: Exclude<Comparison, { kind: "ranking" }>,
    signal: AbortSignal,
  ): Promise<object> {
    const { method, layer } = comparison;
    const { dataset } = this.store.getState();
    if (comparison.kind === "markers") {
      const { column } = comparison;
      const categories = dataset?.obs.find(({ name }) => name === column)?.categories?.length ?? 20;
      const share = Math.floor(MOST_ROWS / Math.max(1, categories));
      const top = Math.min(Math.max(TOP.least, Math.min(share, TOP.most)), dataset?.nVar ?? TOP.most);
      return { kind: "markers", column, method, layer, top };
    }
    const { a, b } = comparison;
    const described = { kind: "diffexp", method, layer, a: await this.group(a, signal) };
    if (b.kind !== "rest") return { ...described, b: await this.group(b, signal) };
    if (b.within.length === 0) return described;
    const [inA, within] = await Promise.all([
      this.passing(filtersOf(a), signal),
      this.passing(b.within, signal),
    ]);
    return { ...described, b: { cells: toBase64(packBits(within.map((inside, i) => inside & ~inA[i]!))) } };
  }

  private async group(group: Exclude<Against, { kind: "rest" }>, signal: AbortSignal): Promise<object> {
    if (group.kind === "category") return { column: group.column, category: group.value };
    return { cells: toBase64(packBits(await this.passing(group.filters, signal))) };
  }

  private keep(content: string, results: Results): void {
    this.results.set(content, results);
    const [oldest] = this.results.keys();
    if (this.results.size > KEPT && oldest !== undefined) this.results.delete(oldest);
  }

  private tell(content: string, run: RunState): void {
    if (this.closed.aborted) return;
    const { runs } = this.store.getState();
    this.store.setState({ runs: { ...runs, [content]: run } });
  }
}

function failed(error: unknown): RunState {
  return { state: "failed", message: error instanceof Error ? error.message : String(error) };
}
