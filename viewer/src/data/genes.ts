// The genes' names: looked up without regard to case, searched as somebody types.

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
  /** Exact first, then prefix, substring, fuzzy (the letters in this order); shorter names first. */
  search(text: string, limit: number): GeneMatch[];
  /** The gene as the dataset spells it: an exact match, else one that differs only in case. */
  lookup(symbol: string): string | undefined;
}

export class Genes implements GeneIndex {
  private names: string[] = [];
  private folded: string[] = [];
  private readonly exact = new Set<string>();
  private readonly byFolded = new Map<string, string>();
  private loading: Promise<void> | null = null;
  ready = false;

  constructor(private readonly fetchNames: () => Promise<string[]>) {}

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

  search(text: string, limit: number): GeneMatch[] {
    const query = text.trim().toLowerCase();
    if (query === "") return [];
    // One list per rank, best first: exact, prefix, substring, fuzzy.
    const ranks: number[][] = [[], [], [], []];
    for (let i = 0; i < this.folded.length; i++) {
      const rank = rankOf(this.folded[i]!, query);
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

  private match(i: number, query: string): GeneMatch {
    const start = this.folded[i]!.indexOf(query);
    return { gene: this.names[i]!, at: start < 0 ? null : [start, start + query.length] };
  }

  private fill(names: string[]): void {
    this.names = names;
    this.folded = names.map((name) => name.toLowerCase());
    names.forEach((name, i) => {
      this.exact.add(name);
      const folded = this.folded[i]!;
      if (!this.byFolded.has(folded)) this.byFolded.set(folded, name);
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
