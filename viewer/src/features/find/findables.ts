// What the Find box offers for a text: genes, obs columns, and categories of obs columns.

import type { DatasetInfo, GeneIndex, ObsColumnInfo } from "../../state/viewer";

export type Findable =
  | { kind: "gene"; name: string }
  | { kind: "column"; name: string; detail: string }
  | { kind: "category"; column: string; value: string; code: number };

export interface FindableSection {
  title: string;
  items: Findable[];
}

const SHOWN = 6; // of each section
const KINDS: Record<ObsColumnInfo["kind"], string> = {
  categorical: "categories",
  boolean: "true or false",
  continuous: "numbers",
  string: "text",
};

/** Sections for the text; the one whose first hit is nearest to the text comes first. */
export function findables(
  text: string,
  dataset: DatasetInfo,
  genes: GeneIndex,
  categoriesOf: (column: string) => readonly string[] | undefined,
): FindableSection[] {
  const query = text.trim().toLowerCase();
  if (query === "") return [];
  const sections: FindableSection[] = [
    { title: "Genes", items: genes.search(query, SHOWN).map(({ gene }) => ({ kind: "gene", name: gene })) },
    { title: "Columns", items: columns(query, dataset) },
    { title: "Categories", items: categories(query, dataset, categoriesOf) },
  ];
  return sections
    .filter(({ items }) => items.length > 0)
    .sort((a, b) => rank(nameOf(a.items[0]!), query) - rank(nameOf(b.items[0]!), query));
}

export const nameOf = (item: Findable): string => (item.kind === "category" ? item.value : item.name);

/** 0 the same, 1 the beginning, 2 somewhere inside, 3 not as one piece. */
function rank(name: string, query: string): number {
  const at = name.toLowerCase().indexOf(query);
  if (at < 0) return 3;
  if (at > 0) return 2;
  return name.length === query.length ? 0 : 1;
}

function columns(query: string, dataset: DatasetInfo): Findable[] {
  return dataset.obs
    .filter(({ name, kind }) => kind !== "string" && rank(name, query) < 3)
    .sort((a, b) => rank(a.name, query) - rank(b.name, query))
    .slice(0, SHOWN)
    .map(({ name, kind }) => ({ kind: "column", name, detail: KINDS[kind] }));
}

function categories(
  query: string,
  dataset: DatasetInfo,
  categoriesOf: (column: string) => readonly string[] | undefined,
): Findable[] {
  const found: { item: Findable; rank: number }[] = [];
  for (const { name: column, kind } of dataset.obs) {
    if (kind !== "categorical") continue;
    categoriesOf(column)?.forEach((value, code) => {
      const near = rank(value, query);
      if (near < 3) found.push({ item: { kind: "category", column, value, code }, rank: near });
    });
  }
  return found
    .sort((a, b) => a.rank - b.rank)
    .slice(0, SHOWN)
    .map(({ item }) => item);
}
