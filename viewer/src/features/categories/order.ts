// The order and the search of a column's categories.

export type Order = "given" | "name" | "count" | "color";

export interface CategoryItem {
  value: string | null; // null: the missing values
  code: number; // -1: the missing values
  total: number;
  selected: number;
}

export const MISSING_LABEL = "(missing)";
export const UNLABELED = "no label"; // in annotations

const natural = new Intl.Collator(undefined, { numeric: true, sensitivity: "base" });

/** Sorted copy; the missing values always come last. `means` (one per code) serve the order "color". */
export function ordered(
  items: readonly CategoryItem[],
  order: Order,
  means: ArrayLike<number> | null,
): CategoryItem[] {
  const compare = comparison(order, means);
  return [...items].sort((a, b) => {
    if (a.code < 0 || b.code < 0) return b.code < 0 ? (a.code < 0 ? 0 : -1) : 1;
    return compare(a, b);
  });
}

function comparison(order: Order, means: ArrayLike<number> | null) {
  const mean = (item: CategoryItem): number => {
    const value = means?.[item.code] ?? Number.NaN;
    return Number.isNaN(value) ? Number.NEGATIVE_INFINITY : value;
  };
  return (a: CategoryItem, b: CategoryItem): number => {
    if (order === "name") return natural.compare(a.value ?? "", b.value ?? "");
    if (order === "count") return b.total - a.total || a.code - b.code;
    if (order === "color" && means) return mean(b) - mean(a) || a.code - b.code;
    return a.code - b.code;
  };
}

/** Those whose name holds all the words of the text, whatever their case. */
export function matching(items: readonly CategoryItem[], text: string): readonly CategoryItem[] {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return items;
  return items.filter((item) => {
    const name = (item.value ?? MISSING_LABEL).toLowerCase();
    return words.every((word) => name.includes(word));
  });
}

const LETTER = 7.4; // CSS pixels, on average
const AROUND = 138; // CSS pixels of a row beside its name and its count: box, color, bar, gaps

/**
 * Whether there is room for bars of counts beside the names, in a list of this many CSS pixels. The numbers
 * say the same as the bars, the names say more: bars go when they would cut more than a third of the names.
 */
export function roomForBars(items: readonly CategoryItem[], countLetters: number, width: number): boolean {
  const letters = (width - AROUND) / LETTER - countLetters;
  const cut = items.filter(({ value }) => (value ?? MISSING_LABEL).length > letters).length;
  return 3 * cut <= items.length;
}
