// What can be done with gene sets. Each of these is shown at once, saved soon, and can be undone.

import type { GeneSet } from "./state";

export interface Sets {
  /**
   * Makes a set of the genes that the dataset has, on top of the list: from a volcano, a table, a list.
   * Gives its name (with a number, if the wished one is taken) and what of `genes` is unknown.
   */
  create(
    name: string,
    genes: readonly string[],
    description?: string,
  ): Promise<{ name: string; unknown: string[] }>;
  /** Adds sets whose genes are known; one whose name is taken replaces the other. One step of undo. */
  add(sets: readonly GeneSet[]): void;
  /** These in the place of all; descriptions are kept where the name is. What no gene has is said. */
  replace(sets: readonly { name: string; genes: readonly string[] }[]): Promise<void>;
  /** Makes the set of this name another: other genes, another description, another name. */
  update(name: string, set: GeneSet): void;
  remove(name: string): void;
  /** To another place in the list. */
  move(name: string, to: number): void;
  /** Remembers what was typed for a set and is no gene of this dataset; until the page ends. */
  leaveOut(name: string, symbols: readonly string[]): void;
  /** Two windows have changed a set: "both" keeps both as they are, "ours" and "theirs" one of them. */
  settle(name: string, keep: "both" | "ours" | "theirs"): void;
  /** Tries again to read or to save. */
  retry(): void;
  /** Looks whether another window has saved something. */
  refresh(): Promise<void>;
}
