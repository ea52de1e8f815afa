// The only file that fetches. Questions asked together travel in one POST (a simple request: no CORS
// preflight from the viewer's opaque origin), at most four are in flight, and what fails for a passing
// reason is asked again until it is answered or nobody wants it any more.

import { type Answer, unpackAnswers } from "./answers";
import { ApiError, Expired, NotReady, refusal, Undecodable, Unreachable } from "./errors";
import { type Events, SocketEvents } from "./events";
import type { AskBody, ErrorBody, PageConfig, TableDoc } from "./types";

export type Reach = "online" | "unreachable" | "expired";
/** "low" gives way: at most two of the four requests in flight, and few questions each. */
export type Priority = "high" | "low";

export interface AskOptions {
  signal?: AbortSignal;
  priority?: Priority;
}

export interface Client {
  /** One question (types.ts); rejects with an ApiError, or an AbortError when the signal fires. */
  ask(question: string, options?: AskOptions): Promise<Answer>;
  /** A route of this dataset that speaks JSON, such as "links": for its owner. Not asked again if it fails. */
  call<T>(method: "GET" | "POST" | "PUT" | "DELETE", route: string, body?: unknown): Promise<T>;
  /** A table as JSON, from a route that takes its question as a body, such as "figures". Not asked again if it fails. */
  table(route: string, question: object, signal?: AbortSignal): Promise<TableDoc>;
  /** A file of this dataset, down or up; the answer as it comes. */
  transfer(method: "GET" | "PUT", route: string, body?: Blob): Promise<Blob>;
  /** What the server tells by itself. */
  readonly events: Events;
  /** Calls back whenever the server comes within or goes out of reach. */
  onReach(listener: (reach: Reach) => void): void;
  dispose(): void;
}

export interface Pace {
  maxInFlight: number;
  maxLowInFlight: number;
  batch: Record<Priority, number>; // questions in one request
  notReady: (attempt: number) => number; // milliseconds until a question is asked again
  unreachable: (attempt: number) => number;
  timeout: number;
}

const PACE: Pace = {
  maxInFlight: 4,
  maxLowInFlight: 2,
  batch: { high: 32, low: 6 },
  notReady: (attempt) => Math.min(200 * 1.5 ** attempt, 3000),
  unreachable: (attempt) => Math.min(500 * 2 ** attempt, 8000),
  timeout: 120_000,
};

interface Pending {
  question: string;
  priority: Priority;
  signal: AbortSignal | undefined;
  attempt: number;
  resolve: (answer: Answer) => void;
  reject: (error: unknown) => void;
}

export class HttpClient implements Client {
  readonly events: Events;
  private queue: Pending[] = [];
  private readonly inFlight = { high: 0, low: 0 };
  private readonly listeners: ((reach: Reach) => void)[] = [];
  private readonly closed = new AbortController();
  private reach: Reach = "online";
  private failures = 0;
  private waiting: ReturnType<typeof setTimeout> | null = null;
  private scheduled = false;

  constructor(
    private readonly config: Pick<PageConfig, "root" | "capability">,
    private readonly pace: Pace = PACE,
  ) {
    this.events = new SocketEvents(config);
    globalThis.addEventListener?.("online", this.tryNow, { signal: this.closed.signal });
  }

  ask(question: string, { signal, priority = "high" }: AskOptions = {}): Promise<Answer> {
    return new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason);
      if (this.reach === "expired") return reject(new Expired());
      const drop = () => this.drop(pending);
      // A signal may live as long as the page, and must not remember every question that it was for.
      const settled = <T>(settle: (value: T) => void) => {
        return (value: T) => {
          signal?.removeEventListener("abort", drop);
          settle(value);
        };
      };
      const pending: Pending = {
        ...{ question, priority, signal, attempt: 0 },
        resolve: settled(resolve),
        reject: settled(reject),
      };
      signal?.addEventListener("abort", drop, { once: true });
      this.enqueue(pending);
    });
  }

  onReach(listener: (reach: Reach) => void): void {
    this.listeners.push(listener);
  }

  dispose(): void {
    this.closed.abort();
    this.events.dispose();
    if (this.waiting) clearTimeout(this.waiting);
    this.queue = [];
  }

  async call<T>(method: string, route: string, body?: unknown): Promise<T> {
    const bytes = await this.request(method, route, body === undefined ? null : JSON.stringify(body));
    const text = new TextDecoder().decode(bytes);
    try {
      return (text === "" ? undefined : JSON.parse(text)) as T;
    } catch (cause) {
      throw new Undecodable("it is not JSON", { cause });
    }
  }

  async transfer(method: "GET" | "PUT", route: string, body?: Blob): Promise<Blob> {
    return new Blob([await this.request(method, route, body ?? null)]);
  }

  private async request(method: string, route: string, body: string | Blob | null): Promise<ArrayBuffer> {
    let response: Response;
    let bytes: ArrayBuffer;
    try {
      response = await fetch(`${this.config.root}${route}`, {
        method,
        headers: { "X-Cxg-Capability": this.config.capability ?? "" },
        body,
        signal: AbortSignal.any([this.closed.signal, AbortSignal.timeout(this.pace.timeout)]),
      });
      bytes = await response.arrayBuffer();
    } catch (cause) {
      throw new Unreachable({ cause });
    }
    if (!response.ok) throw httpError(response.status, bytes);
    return bytes;
  }

  async table(route: string, question: object, signal?: AbortSignal): Promise<TableDoc> {
    const limits = [this.closed.signal, AbortSignal.timeout(this.pace.timeout)];
    let response: Response;
    let bytes: ArrayBuffer;
    try {
      response = await fetch(`${this.config.root}${route}`, {
        method: "POST",
        headers: { "Content-Type": "text/plain", Accept: "application/json" }, // a simple request
        body: JSON.stringify({ capability: this.config.capability ?? "", ...question }),
        signal: AbortSignal.any(signal ? [signal, ...limits] : limits),
      });
      bytes = await response.arrayBuffer();
    } catch (cause) {
      signal?.throwIfAborted();
      throw new Unreachable({ cause });
    }
    if (!response.ok) throw httpError(response.status, bytes);
    try {
      return JSON.parse(new TextDecoder().decode(bytes)) as TableDoc;
    } catch (cause) {
      throw new Undecodable("it is not JSON", { cause });
    }
  }

  private drop(pending: Pending): void {
    this.queue = this.queue.filter((other) => other !== pending);
    pending.reject(pending.signal?.reason);
  }

  private enqueue(pending: Pending): void {
    if (this.closed.signal.aborted || pending.signal?.aborted) return;
    this.queue.push(pending);
    if (this.scheduled) return;
    this.scheduled = true;
    queueMicrotask(() => {
      this.scheduled = false;
      this.flush();
    });
  }

  private flush(): void {
    if (this.waiting || this.closed.signal.aborted) return;
    for (const priority of ["high", "low"] as const) {
      while (this.hasRoom(priority)) {
        const batch = this.queue.filter((p) => p.priority === priority).slice(0, this.pace.batch[priority]);
        if (batch.length === 0) break;
        this.queue = this.queue.filter((p) => !batch.includes(p));
        void this.send(batch, priority);
      }
    }
  }

  private hasRoom(priority: Priority): boolean {
    const { high, low } = this.inFlight;
    // While the server is out of reach, one request finds out whether it is back.
    const limit = this.reach === "unreachable" ? 1 : this.pace.maxInFlight;
    return high + low < limit && (priority === "high" || low < this.pace.maxLowInFlight);
  }

  private async send(batch: Pending[], priority: Priority): Promise<void> {
    this.inFlight[priority] += 1;
    const unwanted = new AbortController();
    const check = () => batch.every((p) => p.signal?.aborted) && unwanted.abort();
    for (const pending of batch) pending.signal?.addEventListener("abort", check, { once: true });
    try {
      const answers = await this.post(
        batch.map((p) => p.question),
        unwanted.signal,
      );
      this.setReach("online");
      answers.forEach((answer, i) => {
        this.settle(batch[i]!, answer);
      });
    } catch (error) {
      this.fail(batch, error);
    } finally {
      for (const pending of batch) pending.signal?.removeEventListener("abort", check);
      this.inFlight[priority] -= 1;
      this.flush();
    }
  }

  private async post(questions: string[], unwanted: AbortSignal): Promise<(Answer | ApiError)[]> {
    const body: AskBody = { capability: this.config.capability ?? "", questions };
    const signal = AbortSignal.any([unwanted, this.closed.signal, AbortSignal.timeout(this.pace.timeout)]);
    let response: Response;
    let bytes: ArrayBuffer;
    try {
      response = await fetch(`${this.config.root}ask`, {
        method: "POST",
        headers: { "Content-Type": "text/plain" },
        body: JSON.stringify(body),
        signal,
      });
      bytes = await response.arrayBuffer();
    } catch (cause) {
      throw new Unreachable({ cause });
    }
    if (response.ok) return unpackAnswers(bytes, questions.length);
    throw httpError(response.status, bytes);
  }

  private settle(pending: Pending, answer: Answer | ApiError): void {
    if (answer instanceof NotReady) this.askLater(pending);
    else if (answer instanceof Expired) this.expire([pending], answer);
    else if (answer instanceof ApiError) pending.reject(answer);
    else pending.resolve(answer);
  }

  /** The whole request failed. */
  private fail(batch: Pending[], error: unknown): void {
    const wanted = batch.filter((p) => !p.signal?.aborted);
    if (this.closed.signal.aborted || wanted.length === 0) return;
    if (error instanceof Unreachable) this.waitForServer(wanted);
    else if (error instanceof Expired) this.expire(wanted, error);
    else if (error instanceof NotReady) for (const pending of wanted) this.askLater(pending);
    else for (const pending of wanted) pending.reject(error);
  }

  private askLater(pending: Pending): void {
    const delay = this.pace.notReady(pending.attempt);
    pending.attempt += 1;
    setTimeout(() => this.enqueue(pending), delay);
  }

  private waitForServer(batch: Pending[]): void {
    this.queue.unshift(...batch);
    this.setReach("unreachable");
    if (this.waiting) return;
    this.waiting = setTimeout(this.tryNow, this.pace.unreachable(this.failures));
    this.failures += 1;
  }

  private readonly tryNow = (): void => {
    if (this.waiting) clearTimeout(this.waiting);
    this.waiting = null;
    this.flush();
  };

  private expire(batch: Pending[], reason: Expired): void {
    const all = [...batch, ...this.queue];
    this.queue = [];
    this.setReach("expired");
    for (const pending of all) pending.reject(reason);
  }

  private setReach(reach: Reach): void {
    if (reach === "online") this.failures = 0;
    if (reach === this.reach || this.reach === "expired") return;
    this.reach = reach;
    for (const listener of this.listeners) listener(reach);
  }
}

/** Gateway errors are the proxy's words for "not reachable"; everything else is an answer. */
function httpError(status: number, bytes: ArrayBuffer): ApiError {
  let body: Partial<ErrorBody> = {};
  try {
    body = JSON.parse(new TextDecoder().decode(bytes)) as Partial<ErrorBody>;
  } catch {
    // A proxy's page, not ours: the status says enough.
  }
  if ([502, 503, 504].includes(status) && !body.code) return new Unreachable();
  return refusal(status, body);
}
