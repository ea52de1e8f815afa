// The snapshots of this user, as the server lists them.

import { URLExt } from "@jupyterlab/coreutils";
import { ServerConnection } from "@jupyterlab/services";
import type { IDisposable } from "@lumino/disposable";
import { Poll } from "@lumino/polling";
import { type ISignal, Signal } from "@lumino/signaling";

const PERIOD_MS = 20_000; // kernels publish at any time
const LONGEST_MS = 300_000; // while the server does not answer

export interface Snapshot {
  id: string;
  title: string;
  n_obs: number;
  n_vars: number;
  state: string; // "opening": the server has only just begun, and counted nothing yet
  source: string | null; // path below the server's root; null: a kernel has published it
}

export class Snapshots implements IDisposable {
  private items: readonly Snapshot[] = [];
  private readonly moved = new Signal<this, void>(this);
  private readonly poll: Poll;

  constructor(private readonly settings: ServerConnection.ISettings) {
    this.poll = new Poll({
      name: "jupyter-cxg:snapshots",
      factory: () => this.fetch(),
      frequency: { interval: PERIOD_MS, backoff: true, max: LONGEST_MS },
      standby: "when-hidden",
    });
  }

  get all(): readonly Snapshot[] {
    return this.items;
  }

  get changed(): ISignal<this, void> {
    return this.moved;
  }

  get isDisposed(): boolean {
    return this.poll.isDisposed;
  }

  dispose(): void {
    this.poll.dispose();
    Signal.clearData(this);
  }

  /** Ask the server now. */
  async refresh(): Promise<void> {
    await this.poll.refresh();
    await this.poll.tick;
  }

  /** Take a snapshot off the server's disk. One that is gone already is as good. */
  async remove(id: string): Promise<void> {
    const response = await this.request(id, { method: "DELETE" });
    if (!response.ok && response.status !== 404) throw await ServerConnection.ResponseError.create(response);
    this.set(this.items.filter((item) => item.id !== id));
  }

  private async fetch(): Promise<void> {
    const response = await this.request();
    if (response.ok) this.set((await response.json()) as Snapshot[]);
    // A server without our extension has none.
    else if (response.status === 404) this.set([]);
    else throw await ServerConnection.ResponseError.create(response);
  }

  private request(id = "", init: RequestInit = {}): Promise<Response> {
    const url = URLExt.join(this.settings.baseUrl, "cxg/api/snapshots", encodeURIComponent(id));
    return ServerConnection.makeRequest(url, init, this.settings);
  }

  private set(items: readonly Snapshot[]): void {
    const same = JSON.stringify(items) === JSON.stringify(this.items);
    this.items = items;
    if (!same && !this.isDisposed) this.moved.emit();
  }
}
