// Many parts that are costly to make, and would hold up the page together, are made one after the other.

import { useEffect, useState } from "react";

const AT_ONCE = 4; // in one task: what a click or two bring shows at once
const EACH_TIME = 2; // afterwards, so that the page draws and hears in between

/** Gives turns: the first few of a task at once, the others in their order, a few in each later task. */
export class Turns {
  private left = AT_ONCE;
  private refilling = false;
  private readonly waiting = new Set<() => void>();

  constructor(private readonly later: (work: () => void) => void) {}

  /** Whether it is one's turn already. */
  take(): boolean {
    if (this.waiting.size > 0 || this.left === 0) return false;
    this.left -= 1;
    this.arrange();
    return true;
  }

  wait(onTurn: () => void): () => void {
    this.waiting.add(onTurn);
    this.arrange();
    return () => void this.waiting.delete(onTurn);
  }

  private arrange(): void {
    if (this.refilling) return;
    this.refilling = true;
    this.later(() => {
      this.refilling = false;
      const next = [...this.waiting].slice(0, EACH_TIME);
      for (const onTurn of next) this.waiting.delete(onTurn);
      if (this.waiting.size > 0 || next.length > 0) this.arrange();
      else this.left = AT_ONCE;
      for (const onTurn of next) onTurn();
    });
  }
}

const turns = new Turns((work) => setTimeout(work));

/** Whether this component's costly part may be made; once it may, it stays. */
export function useTurn(): boolean {
  const [mine, setMine] = useState(() => turns.take());
  useEffect(() => (mine ? undefined : turns.wait(() => setMine(true))), [mine]);
  return mine;
}
