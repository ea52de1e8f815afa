// Of very many categories, the largest are listed; the others stand together in one last row.

import type { CategoryItem } from "./order";

export interface Folded {
  listed: readonly CategoryItem[];
  others: readonly CategoryItem[]; // none while all are listed
}

/** The `most` largest by their cells, in the order given; the missing values are always listed. */
export function folded(items: readonly CategoryItem[], most: number): Folded {
  const named = items.filter(({ code }) => code >= 0);
  if (named.length <= most) return { listed: items, others: [] };
  const largest = [...named].sort((a, b) => b.total - a.total || a.code - b.code).slice(0, most);
  const kept = new Set(largest.map(({ code }) => code));
  const isListed = ({ code }: CategoryItem): boolean => code < 0 || kept.has(code);
  return { listed: items.filter(isListed), others: items.filter((item) => !isListed(item)) };
}
