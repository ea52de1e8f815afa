// The server's answer as a figure reads it.

import type { TableDoc } from "../../api/types";

export interface Table {
  rows: number;
  texts(column: string): (string | null)[];
  numbers(column: string): number[]; // NaN where there is none
  has(column: string): boolean;
  features: string[];
  unknown: string[]; // genes that the matrix does not have
  by: string[];
  beside: string[]; // of a sample: what `beside_0`, … are
  cells: number; // looked at
  leftOut: number; // of these, without a category
}

export function tableOf(doc: TableDoc): Table {
  const columns = new Map(doc.names.map((name, i) => [name, doc.columns[i] ?? []]));
  const told = <T>(name: string, otherwise: T): T => {
    const given = doc.metadata?.[name];
    return given === undefined ? otherwise : (JSON.parse(given) as T);
  };
  return {
    rows: doc.n_rows,
    has: (name) => columns.has(name),
    texts: (name) => (columns.get(name) ?? []).map((value) => (value === null ? null : String(value))),
    numbers: (name) =>
      (columns.get(name) ?? []).map((value) => (value === null ? Number.NaN : Number(value))),
    features: told("features", []),
    unknown: told("unknown", []),
    by: told("by", []),
    beside: told("beside", []),
    cells: told("n_cells", 0),
    leftOut: told("n_left_out", 0),
  };
}

/** The groups of all rows, in order: the categories of one column, or of two with a dot between. */
export function groupsOf(table: Table): { of: number[]; names: string[]; parts: string[][] } {
  const given = table.by.map((_, i) => table.texts(i === 0 ? "group" : `group_${i + 1}`));
  const known = new Map<string, number>();
  const parts: string[][] = [];
  const of = Array.from({ length: table.rows }, (_, row) => {
    const mine = given.map((column) => column[row] ?? "");
    const key = JSON.stringify(mine);
    let at = known.get(key);
    if (at === undefined) {
      at = parts.length;
      known.set(key, at);
      parts.push(mine);
    }
    return at;
  });
  return { of, names: parts.map((mine) => (mine.length === 0 ? "all cells" : mine.join(" · "))), parts };
}

/** The columns of the answer as a file calls them: values and bars of cells by what they are. */
export function titlesOf(names: readonly string[], { features, beside }: Table): string[] {
  const at = (name: string, prefix: string): number =>
    name.startsWith(prefix) ? Number(name.slice(prefix.length)) : -1;
  return names.map((name) => features[at(name, "value_")] ?? beside[at(name, "beside_")] ?? name);
}
