// The genes' names: looked up without regard to case, searched as somebody types. Where var has symbols beside
// ids, or ids beside symbols, both are names of the gene; the dataset's own is the one that travels.

import { nearOf } from "./near";

export interface GeneMatch {
  gene: string;
  /** Where the query lies in the name, for highlighting; null for a fuzzy match. */
  at: [start: number, end: number] | null;
}

export interface GeneIndex {
  /** Loads the names; resolves at once when they are here. */
  load(): Promise<void>;
  readonly ready: boolean;
  readonly size: number;
  /** Its other name: the symbol of an id, the id of a symbol. */
  other(gene: string): string | undefined;
  /** What people call it: the symbol, where the dataset's own names are ids. */
  label(gene: string): string;
  /** Its values in the columns of var, as text. */
  facts(gene: string): Promise<[column: string, value: string][]>;
  /** A gene whose name differs in one letter, for what was typed wrong. */
  near(symbol: string): string | undefined;
  /** Exact first, then prefix, substring, fuzzy (the letters in this order); shorter names first. */
  search(text: string, limit: number): GeneMatch[];
  /** The gene as the dataset spells it: an exact match, else one that differs only in case. */
  lookup(symbol: string): string | undefined;
}

/** Names in the dataset's order; `others` are the second names, and whether those are what people say. */
export interface GeneNames {
  names: string[];
  others: { names: string[]; areSymbols: boolean } | null;
}

export class Genes implements GeneIndex {
  private names: string[] = [];
  private folded: string[] = [];
  private readonly exact = new Set<string>();
  private readonly byFolded = new Map<string, string>();
  private readonly otherOf = new Map<string, string>();
  private areSymbols = false;
  private loading: Promise<void> | null = null;
  ready = false;

  constructor(
    private readonly fetchNames: () => Promise<GeneNames>,
    private readonly fetchFacts: (position: number) => Promise<[string, string][]> = async () => [],
  ) {}

  get size(): number {
    return this.names.length;
  }

  load(): Promise<void> {
    this.loading ??= this.fetchNames().then(
      (names) => this.fill(names),
      (error) => {
        this.loading = null; // the next call asks again
        throw error;
      },
    );
    return this.loading;
  }

  lookup(symbol: string): string | undefined {
    const text = symbol.trim();
    return this.exact.has(text) ? text : this.byFolded.get(text.toLowerCase());
  }

  other(gene: string): string | undefined {
    return this.otherOf.get(gene);
  }

  label(gene: string): string {
    return (this.areSymbols && this.otherOf.get(gene)) || gene;
  }

  async facts(gene: string): Promise<[string, string][]> {
    await this.load();
    return this.fetchFacts(this.names.indexOf(gene));
  }

  near(symbol: string): string | undefined {
    const near = nearOf(symbol.trim().toLowerCase(), this.byFolded.keys());
    return near === undefined ? undefined : this.byFolded.get(near);
  }

  search(text: string, limit: number): GeneMatch[] {
    const query = text.trim().toLowerCase();
    if (query === "") return [];
    // One list per rank, best first: exact, prefix, substring, fuzzy.
    const ranks: number[][] = [[], [], [], []];
    for (let i = 0; i < this.folded.length; i++) {
      const rank = this.rank(i, query);
      if (rank !== null) ranks[rank]!.push(i);
    }
    const found: GeneMatch[] = [];
    for (const rank of ranks) {
      if (found.length >= limit) break;
      // Stable: names of equal length stay in the dataset's order.
      rank.sort((a, b) => this.names[a]!.length - this.names[b]!.length);
      for (const i of rank.slice(0, limit - found.length)) found.push(this.match(i, query));
    }
    return found;
  }

  private rank(i: number, query: string): 0 | 1 | 2 | 3 | null {
    const rank = rankOf(this.folded[i]!, query);
    const other = this.otherOf.get(this.names[i]!)?.toLowerCase();
    const byOther = other === undefined ? null : rankOf(other, query);
    if (rank === null || byOther === null) return rank ?? byOther;
    return rank < byOther ? rank : byOther;
  }

  private match(i: number, query: string): GeneMatch {
    const start = this.folded[i]!.indexOf(query);
    return { gene: this.names[i]!, at: start < 0 ? null : [start, start + query.length] };
  }

  private fill({ names, others }: GeneNames): void {
    this.names = names;
    this.folded = names.map((name) => name.toLowerCase());
    names.forEach((name, i) => {
      this.exact.add(name);
      const folded = this.folded[i]!;
      if (!this.byFolded.has(folded)) this.byFolded.set(folded, name);
    });
    this.areSymbols = others?.areSymbols ?? false;
    others?.names.forEach((other, i) => {
      const gene = names[i]!;
      if (other === "" || other === gene) return;
      this.otherOf.set(gene, other);
      // A name of the dataset's own means that gene, whatever else is called so.
      if (!this.byFolded.has(other.toLowerCase())) this.byFolded.set(other.toLowerCase(), gene);
    });
    this.ready = true;
  }
}

function rankOf(name: string, query: string): 0 | 1 | 2 | 3 | null {
  const at = name.indexOf(query);
  if (at === 0) return name.length === query.length ? 0 : 1;
  if (at > 0) return 2;
  // One or two letters in order match nearly everything.
  return query.length >= 3 && hasInOrder(name, query) ? 3 : null;
}

function hasInOrder(name: string, query: string): boolean {
  let at = 0;
  for (const letter of query) {
    at = name.indexOf(letter, at) + 1;
    if (at === 0) return false;
  }
  return true;
}
