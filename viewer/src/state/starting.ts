// From the first question to the first answers, or to the page that says why there are none.

import type { Client } from "../api/client";
import { ApiError, isAbort } from "../api/errors";
import type { PageConfig } from "../api/types";
import { fatal } from "./fatal";
import { OPEN_AGAIN } from "./link";
import { type Opened, open } from "./opening";
import type { ViewState } from "./state";
import type { AppStore, Progress } from "./store";
import { FileOpening } from "./waiting";

export class Starting {
  private file: FileOpening | null = null;

  constructor(
    private readonly client: Client,
    private readonly store: AppStore,
    private readonly config: PageConfig,
    private readonly signal: AbortSignal,
  ) {}

  /** Null when there will be nothing to show; the page says why. */
  async done(given: Partial<ViewState>): Promise<Opened | null> {
    const { link, capability, opening, title } = this.config;
    const byLink = link !== undefined;
    try {
      if (byLink && capability === null) {
        this.store.setState({ fatal: { ...OPEN_AGAIN, final: true } });
        return null;
      }
      if (opening) await this.waitFor(title);
      return await open(this.client, given, byLink, this.signal);
    } catch (error) {
      if (isAbort(error) || this.signal.aborted) return null;
      // An owner's page that has expired is loaded again; a link that has ended stays ended.
      const expired = error instanceof ApiError && error.code === "expired";
      if (byLink) this.store.setState({ fatal: { ...fatal(error), final: true } });
      else if (!expired) this.store.setState({ fatal: this.file?.fatal(error) ?? fatal(error) });
      // An unforeseen error is a bug of ours: it must not vanish.
      if (!(error instanceof ApiError)) throw error;
      return null;
    }
  }

  /** Stops the server opening the file that is not there yet. */
  cancel(): void {
    void this.file?.cancel();
  }

  private async waitFor(title: string): Promise<void> {
    const tell = (progress: Progress) => this.store.setState({ opening: progress && { title, ...progress } });
    this.file = new FileOpening(this.client, title, tell);
    await this.file.done(this.signal);
    this.file = null;
  }
}
