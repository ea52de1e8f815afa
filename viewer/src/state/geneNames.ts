// What names genes waits until it is known which genes there are.

import type { GeneIndex } from "../data/genes";
import type { Action } from "./actions";
import type { AppStore } from "./store";

/** Lets actions through in their order once the names are here; until then the store says what waits. */
export class GeneNames {
  private waiting: Action[] = [];

  constructor(
    private readonly genes: Pick<GeneIndex, "load">,
    private readonly store: AppStore,
    /** The names could not be loaded, which is the end of what waited for them. */
    private readonly report: (error: unknown) => void,
    private readonly done: () => void,
  ) {}

  get awaited(): boolean {
    return this.waiting.length > 0;
  }

  async before(action: Action, goOn: () => void): Promise<void> {
    this.tell([...this.waiting, action]);
    try {
      await this.genes.load();
      goOn();
    } catch (error) {
      this.report(error);
    }
    this.tell(this.waiting.filter((other) => other !== action));
    this.done();
  }

  private tell(waiting: Action[]): void {
    this.waiting = waiting;
    const last = waiting.at(-1);
    this.store.setState({ awaitsGenes: last === undefined ? null : words(last) });
  }
}

const words = (action: Action): string =>
  action.type === "colorBy" && action.color ? action.color.name : "the names of the genes";
