// While the server opens a file there is nothing to show but how far that is.

import { json } from "../api/answers";
import type { Client } from "../api/client";
import { ApiError } from "../api/errors";
import type { StatusDoc } from "../api/types";
import type { Fatal, Progress } from "./store";

const PERIOD_MS = 250;
const CANCELLING: Progress = { label: "Cancelling", fraction: 0 };

export class FileOpening {
  private cancelled = false;

  constructor(
    private readonly client: Client,
    readonly title: string,
    private readonly tell: (progress: Progress) => void,
  ) {
    tell({ label: "Starting", fraction: 0 });
  }

  /** Resolves when there is something to ask for; rejects with the reason why there never will be. */
  async done(signal: AbortSignal): Promise<void> {
    for (;;) {
      const { state, progress } = json<StatusDoc>(await this.client.ask("status", { signal }));
      if (state !== "opening") break;
      if (!this.cancelled) this.tell(progress);
      await new Promise((resolve) => setTimeout(resolve, PERIOD_MS));
    }
    this.tell(null);
  }

  /** Asks the server to stop; that it has, or that it was too late, is what `done` finds out. */
  async cancel(): Promise<void> {
    this.cancelled = true;
    this.tell(CANCELLING);
    try {
      await this.client.call("POST", "cancel");
    } catch {
      this.cancelled = false;
    }
  }

  /** What to say when `done` has rejected. */
  fatal(error: unknown): Fatal {
    if (this.cancelled) {
      const message = `${this.title} was not opened, and nothing is left of the attempt.`;
      return { title: "Opening was cancelled", message, action: "Open again" };
    }
    const message = error instanceof ApiError ? error.message : String(error);
    return { title: `${this.title} could not be opened`, message, action: "Retry" };
  }
}
