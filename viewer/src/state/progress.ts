// While the kernel still publishes or the server still indexes, asks how far they are.

import { json } from "../api/answers";
import type { Client } from "../api/client";
import type { StatusDoc } from "../api/types";

const PERIOD_MS = 1000;

export class StatusWatch {
  private watching = false;
  private isActive = false;

  constructor(
    private readonly client: Client,
    private readonly signal: AbortSignal,
    private readonly onStatus: (status: StatusDoc) => void,
    private readonly onTrouble: (error: unknown) => void,
  ) {}

  /** Asks once a period, beginning after the first, for as long as something goes on or `waits` says so. */
  async watch(waits: () => boolean): Promise<void> {
    if (this.watching) return;
    this.watching = true;
    try {
      for (let active = true; active; ) {
        await new Promise((resolve) => setTimeout(resolve, PERIOD_MS));
        if (this.signal.aborted || !(this.isActive || waits())) return;
        const answer = await this.client.ask("status", { signal: this.signal, priority: "low" });
        active = this.tell(json<StatusDoc>(answer)) || waits();
      }
    } catch (error) {
      // Such as a file that changed while it was copied: then its snapshot is gone.
      this.onTrouble(error);
    } finally {
      this.watching = false;
    }
  }

  /** Whether something goes on. */
  tell(status: StatusDoc): boolean {
    this.isActive = status.state === "publishing" || status.progress !== null;
    this.onStatus(status);
    return this.isActive;
  }
}
