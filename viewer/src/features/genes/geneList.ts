import type { GeneIndex } from "../../state/viewer";

export interface ParsedGenes {
  found: string[]; // as the dataset spells them, each once
  unknown: string[]; // as they were typed
}

/** Symbols of a pasted list: apart by commas, semicolons, spaces or lines, quoted or not. */
export function splitGenes(text: string): string[] {
  return text
    .split(/[\s,;|]+/)
    .map((symbol) => symbol.replace(/^["'[(]+|["')\]]+$/g, ""))
    .filter(Boolean);
}

/** Which of the symbols the dataset has. */
export function resolveGenes(symbols: readonly string[], genes: Pick<GeneIndex, "lookup">): ParsedGenes {
  const found = new Set<string>();
  const unknown = new Set<string>();
  for (const symbol of symbols) {
    const gene = genes.lookup(symbol);
    if (gene === undefined) unknown.add(symbol);
    else found.add(gene);
  }
  return { found: [...found], unknown: [...unknown] };
}

const NAMED = 5; // unknown genes that the sentence names

/** One sentence about genes that are not there; null when all are. */
export function unknownSentence({ found, unknown }: ParsedGenes): string | null {
  if (unknown.length === 0) return null;
  const names = unknown.slice(0, NAMED).join(", ");
  const more = unknown.length > NAMED ? ` and ${unknown.length - NAMED} more` : "";
  const added = found.length > 0 ? ` ${found.length} added.` : "";
  return `Not among the genes of this dataset: ${names}${more}.${added}`;
}
