// Our section of the Running panel: every snapshot there is, whether a tab shows it or not.

import type { IRunningSessions } from "@jupyterlab/running";
import type { TranslationBundle } from "@jupyterlab/translation";
import type { ISignal } from "@lumino/signaling";
import { viewerIcon } from "./icon";
import type { Snapshot, Snapshots } from "./snapshots";

export class RunningViewers implements IRunningSessions.IManager {
  readonly name: string;
  readonly shutdownLabel: string;
  readonly shutdownAllLabel: string;
  readonly shutdownAllConfirmationText: string;

  /**
   * @param open - shows a snapshot in a tab
   * @param end - takes it away
   */
  constructor(
    private readonly snapshots: Snapshots,
    private readonly trans: TranslationBundle,
    private readonly open: (snapshot: Snapshot) => void,
    private readonly end: (snapshot: Snapshot) => void,
  ) {
    this.name = trans.__("AnnData");
    this.shutdownLabel = trans.__("Shut Down");
    this.shutdownAllLabel = trans.__("Shut Down All");
    this.shutdownAllConfirmationText = trans.__(
      "Shut down all viewers? Files and notebooks stay; what the server has prepared of them is removed.",
    );
  }

  get runningChanged(): ISignal<unknown, unknown> {
    return this.snapshots.changed;
  }

  running(): IRunningSessions.IRunningItem[] {
    return this.snapshots.all.map((snapshot) => ({
      icon: () => viewerIcon,
      label: () => snapshot.title,
      labelTitle: () => this.describe(snapshot),
      detail: () => this.detail(snapshot),
      open: () => this.open(snapshot),
      shutdown: () => this.end(snapshot),
    }));
  }

  refreshRunning(): void {
    void this.snapshots.refresh();
  }

  shutdownAll(): void {
    for (const snapshot of this.snapshots.all) this.end(snapshot);
  }

  /** There is room for little. */
  private detail({ state, n_obs }: Snapshot): string {
    if (state === "opening") return this.trans.__("opening …");
    return this.trans.__("%1 cells", n_obs.toLocaleString());
  }

  private describe({ title, source, n_obs, n_vars }: Snapshot): string {
    return [
      source ?? this.trans.__("%1, published by a notebook", title),
      n_obs > 0 && this.trans.__("%1 cells × %2 genes", n_obs.toLocaleString(), n_vars.toLocaleString()),
    ]
      .filter(Boolean)
      .join("\n");
  }
}
