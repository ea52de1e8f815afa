// Which rows of a result are shown, in which order: pure arithmetic on row numbers.

import type { Results, Stat } from "../../data/results";

export type SortKey = Stat | "gene" | "group";

export interface Sort {
  by: SortKey;
  descending: boolean;
}

export interface RowFilter {
  text: string; // in the gene's name; several words: any of them
  change: number; // at least so large, up or down
  p: number; // adjusted p, at most
  direction: "both" | "up" | "down";
  group: number | null; // of markers: this category alone
}

export const ALL_ROWS: RowFilter = { text: "", change: 0, p: 1, direction: "both", group: null };

/** What says how much and which way: the fold change, or what stands in its place. */
export function changeOf({ numbers }: Results): Float64Array | undefined {
  return numbers.log2_fold_change ?? numbers.mean_difference;
}

/** Which way a gene goes; where no change is known, by the score. */
export function directions(results: Results): Float64Array | undefined {
  return changeOf(results) ?? results.numbers.score;
}

export function filteredRows(
  results: Results,
  filter: RowFilter,
  only: ReadonlySet<number> | null,
): Uint32Array {
  const { genes, groups, length } = results;
  const words = filter.text
    .toLowerCase()
    .split(/[\s,;]+/)
    .filter(Boolean);
  const change = directions(results);
  const p = results.numbers.p_adjusted;
  const rows: number[] = [];
  for (let row = 0; row < length; row++) {
    if (only && !only.has(row)) continue;
    if (filter.group !== null && groups && groups.codes[row] !== filter.group) continue;
    if (filter.p < 1 && p && !(p[row]! <= filter.p)) continue;
    if (change && (filter.change > 0 || filter.direction !== "both")) {
      const size = change[row]!;
      if (!(Math.abs(size) >= filter.change)) continue;
      if (filter.direction === "up" && !(size > 0)) continue;
      if (filter.direction === "down" && !(size < 0)) continue;
    }
    if (words.length > 0) {
      const gene = genes[row]!.toLowerCase();
      if (!words.some((word) => gene.includes(word))) continue;
    }
    rows.push(row);
  }
  return Uint32Array.from(rows);
}

const byName = new Intl.Collator(undefined, { numeric: true });

/** The rows in order; equal ones stay as they were, and what is no number comes last either way. */
export function sortedRows(results: Results, rows: Uint32Array, { by, descending }: Sort): Uint32Array {
  const sign = descending ? -1 : 1;
  const order = Array.from(rows);
  if (by === "gene") {
    const { genes } = results;
    return Uint32Array.from(order.sort((a, b) => sign * byName.compare(genes[a]!, genes[b]!)));
  }
  const values = by === "group" ? results.groups?.codes : results.numbers[by];
  if (!values) return rows;
  order.sort((a, b) => {
    const [x, y] = [values[a]!, values[b]!];
    if (Number.isNaN(x) || Number.isNaN(y)) return Number(Number.isNaN(x)) - Number(Number.isNaN(y));
    return x === y ? 0 : x < y ? -sign : sign;
  });
  return Uint32Array.from(order);
}

/** The order that a table begins with: what is highest in A first; a ranking as it came. */
export function firstSort(results: Results): Sort | null {
  if (results.groups) return null;
  return { by: "score", descending: true };
}

/** A second click turns the order round; numbers begin with the largest, p values with the smallest. */
export function nextSort(sort: Sort | null, by: SortKey): Sort {
  if (sort?.by === by) return { by, descending: !sort.descending };
  return { by, descending: !["gene", "group", "p", "p_adjusted"].includes(by) };
}

/** The rows as a CSV file, with all digits. */
export function csvOf(results: Results, rows: ArrayLike<number>, stats: readonly Stat[]): string {
  const quoted = (text: string): string =>
    /[",\r\n#]|^\s|\s$/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  const { groups, genes, numbers } = results;
  const lines = [[...(groups ? ["category"] : []), "gene", ...stats].join(",")];
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i]!;
    const values = stats.map((stat) => numberText(numbers[stat]?.[row] ?? Number.NaN));
    const names = [...(groups ? [groups.names[groups.codes[row]!] ?? ""] : []), genes[row]!];
    lines.push([...names.map(quoted), ...values].join(","));
  }
  return `${lines.join("\n")}\n`;
}

/** As pandas reads it: nothing for what is missing, inf for infinity. */
function numberText(value: number): string {
  if (Number.isNaN(value)) return "";
  return Number.isFinite(value) ? String(value) : value > 0 ? "inf" : "-inf";
}
