// Changes of annotations that the server does not have yet, kept over a reload of the page. Its origin is opaque,
// so it has no storage; the name of its window stays through a reload, also through one that fails. It is
// empty again as soon as all is saved.

import { type Annotated, difference, type Labels, sized } from "../data/labels";
import { fromBase64 } from "../lib/base64";
import { inflate } from "../lib/deflate";
import { packed } from "./annotationStore";

const MARK = "cxg-unsent ";

type Packed = [categories: readonly string[], codes: string];

interface Document {
  root: string; // of the dataset
  n: number; // of its cells
  said: string[];
  base: Record<string, Packed>; // columns that were changed or removed, as they were
  mine: Record<string, Packed>; // as they became
}

export interface Unsent {
  base: Annotated;
  mine: Annotated; // of the columns that were touched
  said: string[];
}

export class UnsentKeeper {
  private latest = 0;

  constructor(
    private readonly root: string,
    private readonly page: { name: string } | null = typeof window === "undefined" ? null : window,
  ) {}

  /** Resolves when it is kept; a later call makes it superfluous. */
  async keep(base: Annotated, mine: Annotated, said: string[], n: number): Promise<void> {
    const turn = ++this.latest;
    const { changed, removed } = difference(base, mine);
    const touched = [...changed.map(([name]) => name), ...removed];
    const document: Document = {
      root: this.root,
      n,
      said,
      base: await packedColumns(base, touched),
      mine: await packedColumns(mine, touched),
    };
    if (turn === this.latest && this.page) this.page.name = MARK + JSON.stringify(document);
  }

  clear(): void {
    this.latest++;
    if (this.page?.name.startsWith(MARK)) this.page.name = "";
  }

  /** What an earlier page of this dataset could not save; null: nothing; "other": it was about other cells. */
  async found(n: number): Promise<Unsent | "other" | null> {
    if (!this.page?.name.startsWith(MARK)) return null;
    try {
      const kept = JSON.parse(this.page.name.slice(MARK.length)) as Document;
      if (kept.root !== this.root) return null;
      if (kept.n !== n) return "other";
      const [base, mine] = await Promise.all([unpackedColumns(kept.base), unpackedColumns(kept.mine)]);
      return { base, mine, said: kept.said };
    } catch {
      return null; // somebody else's name
    }
  }
}

async function packedColumns(all: Annotated, names: string[]): Promise<Record<string, Packed>> {
  const found: Record<string, Packed> = {};
  for (const name of names) {
    const labels = all.get(name);
    if (labels) found[name] = [labels.categories, await packed(labels.codes)];
  }
  return found;
}

async function unpackedColumns(columns: Record<string, Packed>): Promise<Annotated> {
  const found = new Map<string, Labels>();
  for (const [name, [categories, text]] of Object.entries(columns)) {
    const bytes = await inflate(fromBase64(text));
    found.set(name, sized(categories, new Int32Array(bytes.buffer)));
  }
  return found;
}
