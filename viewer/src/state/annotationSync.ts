// Keeps the server's annotations and those of the page in step: one save at a time, what was edited meanwhile
// with the next; a server that is away is asked again; what others have saved is merged in.

import type { Client } from "../api/client";
import { ApiError, isAbort, Unreachable } from "../api/errors";
import { type Annotated, NOTHING, sameAnnotated } from "../data/labels";
import { type Conflict, merge } from "../data/merge";
import { AnnotationStore, type Stored } from "./annotationStore";
import type { AnnotationsState } from "./annotations";
import type { UnsentKeeper } from "./unsent";

export interface SyncHost {
  readonly all: Annotated;
  readonly n: number;
  show(all: Annotated): void;
  follow(all: Annotated, conflicts: readonly Conflict[]): void;
  tell(changes: Partial<AnnotationsState>): void;
  notify(message: string): void;
}

export interface SyncPace {
  look: number; // milliseconds between looks at what others have saved
  idle: number; // after which nobody is taken to be there
  retry: (attempt: number) => number;
}

const PACE: SyncPace = {
  look: 4000,
  idle: 60_000,
  retry: (attempt) => Math.min(500 * 2 ** attempt, 8000),
};
const FASTER = " – but for cells that somebody else was faster with";
const LONGEST = 500; // letters of a line of the history, as the server has it

export class AnnotationSync {
  readonly server: AnnotationStore;
  private host: SyncHost | null = null;
  private stored: Stored = { all: NOTHING, token: "", collection: "" };
  private said: string[] = []; // about the edits that are not saved
  private busy: Promise<void> | null = null;
  private attempt = 0;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private active = 0; // when somebody last did something here
  private loaded = false;
  private saves = 0;

  constructor(
    client: Client,
    private readonly unsent: UnsentKeeper,
    private readonly signal: AbortSignal,
    private readonly pace: SyncPace = PACE,
  ) {
    this.server = new AnnotationStore(client);
    signal.addEventListener("abort", () => clearTimeout(this.timer));
  }

  async start(host: SyncHost): Promise<void> {
    this.host = host;
    host.tell({ status: "loading" });
    try {
      this.stored = await this.server.read(this.signal);
    } catch (error) {
      return this.fail(error);
    }
    this.loaded = true;
    host.show(this.stored.all);
    host.tell({ status: "saved" });
    await this.takeUnsent(host);
    this.watch();
  }

  /** Something was edited. */
  changed(what: string): void {
    this.said.push(what);
    this.active = performance.now();
    this.host?.tell({ unsaved: this.said.length, status: "saving" });
    this.keep();
    void this.save();
  }

  retry(): void {
    clearTimeout(this.timer);
    this.attempt = 0;
    if (this.loaded) void this.save();
    else if (this.host) void this.start(this.host);
  }

  /** Resolves when nothing is left to be saved; rejects when that cannot be now. */
  async settled(): Promise<void> {
    await this.save();
    if (this.said.length > 0) throw new Unreachable();
  }

  /** Takes over what is stored. */
  async pull(): Promise<void> {
    const host = this.host;
    if (!host) return;
    const theirs = await this.server.read(this.signal);
    const { all, conflicts } = merge(this.stored.all, host.all, theirs.all);
    this.stored = theirs;
    host.follow(all, conflicts);
    const last = this.said.length - 1;
    if (conflicts.length > 0 && last >= 0) this.said[last] += FASTER; // not all of it is saved
    this.countSaved();
  }

  private save(): Promise<void> {
    this.busy ??= this.saveAll().finally(() => {
      this.busy = null;
    });
    return this.busy;
  }

  private async saveAll(): Promise<void> {
    const host = this.host;
    if (!host || !this.loaded) return;
    clearTimeout(this.timer);
    try {
      while (this.said.length > 0 && !this.signal.aborted) await this.saveOnce(host);
      this.attempt = 0;
      this.unsent.clear();
      host.tell({ status: "saved", unsaved: 0 });
      this.watch();
    } catch (error) {
      this.fail(error);
    }
  }

  private async saveOnce(host: SyncHost): Promise<void> {
    host.tell({ status: "saving" });
    const sent = host.all;
    const count = this.said.length;
    if (!sameAnnotated(sent, this.stored.all)) {
      try {
        const what = oneLine(this.said.slice(0, count).join("; "));
        const token = await this.server.save(this.stored, sent, what);
        this.stored = { ...this.stored, all: sent, token };
        this.countSaved();
      } catch (error) {
        if (!(error instanceof ApiError && error.code === "conflict")) throw error;
        return this.pull(); // and around again, with what is there now
      }
    }
    this.said = this.said.slice(count);
    host.tell({ unsaved: this.said.length });
  }

  private fail(error: unknown): void {
    if (isAbort(error) || this.signal.aborted || !this.host) return;
    const code = error instanceof ApiError ? error.code : null;
    const passing = code === "unreachable" || code === "unavailable";
    const message = error instanceof Error ? error.message : String(error);
    this.host.tell({ status: passing ? "waiting" : { error: message } });
    if (code === "expired") this.server.token().catch(() => undefined); // by which the whole page learns of it
    if (!passing) return;
    this.timer = setTimeout(
      () => (this.loaded ? this.save() : this.start(this.host!)),
      this.pace.retry(this.attempt),
    );
    this.attempt += 1;
  }

  private keep(): void {
    if (this.host) void this.unsent.keep(this.stored.all, this.host.all, this.said, this.host.n);
  }

  /** What a page before this one could not save. */
  private async takeUnsent(host: SyncHost): Promise<void> {
    const found = await this.unsent.found(host.n);
    if (!found) return;
    if (found === "other") {
      this.unsent.clear();
      return host.notify(
        "Changes of annotations that were not saved are about other cells, and were left out.",
      );
    }
    const touched = new Set([...found.base.keys(), ...found.mine.keys()]);
    const beside = [...this.stored.all].filter(([name]) => !touched.has(name));
    const { all, conflicts } = merge(
      new Map([...beside, ...found.base]),
      new Map([...beside, ...found.mine]),
      host.all,
    );
    host.follow(all, conflicts);
    this.said.push(...found.said);
    host.tell({ unsaved: this.said.length });
    this.keep();
    await this.save();
  }

  /** As long as somebody is there, looks now and then whether others have saved something. */
  private watch(): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.look(), this.pace.look);
  }

  private readonly wake = (): void => {
    this.active = performance.now();
  };

  private async look(): Promise<void> {
    const there = globalThis.document?.visibilityState !== "hidden";
    if (there && !this.busy && performance.now() - this.active < this.pace.idle) {
      try {
        const token = await this.server.token();
        if (token !== this.stored.token && !this.busy) await this.pull();
      } catch {
        // The next look, or the next save, finds out.
      }
    }
    // While something waits to be saved, the timer is that of the next attempt.
    if (!this.signal.aborted && !this.busy && this.said.length === 0) this.watch();
  }

  private countSaved(): void {
    this.saves += 1;
    this.host?.tell({ saved: this.saves });
  }

  /** Moves of the pointer and keys are signs of life. */
  listen(page: Window): void {
    this.wake();
    for (const sign of ["pointermove", "pointerdown", "keydown", "focus"]) {
      page.addEventListener(sign, this.wake, { signal: this.signal, passive: true });
    }
    page.addEventListener("focus", () => void this.look(), { signal: this.signal });
  }
}

/** As the server takes it, whatever the names in it are. */
function oneLine(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what goes
  const plain = text.replace(/[\u0000-\u001f\u007f\u2028\u2029\ud800-\udfff]+/gu, " ");
  return Array.from(plain).slice(0, LONGEST).join("");
}
