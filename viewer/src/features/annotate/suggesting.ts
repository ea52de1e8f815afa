// Which names a form offers for what was typed: labels that are there, then terms of the ontology.

import type { TermDoc } from "../../state/annotations";

export interface Offer {
  id: string; // the name again: lists tell their items apart by it
  name: string;
  detail: string; // where it comes from
}

const MOST = 30;

export function offers(typed: string, labels: readonly string[], terms: readonly TermDoc[]): Offer[] {
  const words = typed.toLowerCase().split(/\s+/).filter(Boolean);
  const holds = (text: string): boolean => {
    const lower = text.toLowerCase();
    return words.every((word) => lower.includes(word));
  };
  const found: Offer[] = labels.filter(holds).map((name) => offer(name, ""));
  const known = new Set(labels);
  if (words.length > 0) {
    const matching = terms.flatMap((term): [Offer, number][] => {
      if (known.has(term.name)) return [];
      if (holds(term.name)) return [[offer(term.name, term.id), rank(term.name, typed)]];
      const synonym = term.synonyms.find(holds);
      return synonym === undefined ? [] : [[offer(term.name, `${synonym} · ${term.id}`), 3]];
    });
    // The exact one first, then those that begin so, shorter names before longer ones.
    matching.sort(([a, x], [b, y]) => x - y || a.name.length - b.name.length);
    found.push(...matching.map(([each]) => each));
  }
  return found.slice(0, MOST);
}

const offer = (name: string, detail: string): Offer => ({ id: name, name, detail });

function rank(name: string, typed: string): number {
  const [a, b] = [name.toLowerCase(), typed.trim().toLowerCase()];
  return a === b ? 0 : a.startsWith(b) ? 1 : 2;
}
