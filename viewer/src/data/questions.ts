// A column key as a question to the server, and the answer as a column.

import type { Answer } from "../api/answers";
import { type ArrowColumn, arrowColumns, categorical, numbers } from "../api/arrow";
import { ApiError, Undecodable } from "../api/errors";
import { type ColumnKey, parseKey, parseLayer, parseSet } from "./keys";
import { normalized } from "./normalize";
import type { ContinuousColumn, LoadedColumn, Numbers } from "./values";

/** What must be known of the dataset to ask for its columns. */
export interface Layout {
  varIndex: string;
  /** How an obs column is used; undefined for unknown names. */
  /** Whether an embedding's y axis points down, as that of the image beneath it. */
  flipped?(embedding: string): boolean;
  kind(obs: string): "categorical" | "boolean" | "continuous" | "string" | undefined;
}

export function question(key: ColumnKey, layout: Layout): string {
  const { axis, name } = parseKey(key);
  if (axis === "obs") return `annotations/obs?annotation-name=${encodeURIComponent(name)}`;
  if (axis === "layout") return `layout/obs?layout-name=${encodeURIComponent(name)}`;
  // Filters are encoded twice (cellxgene's custom), so that ":" and "," in names survive.
  const twice = (text: string) => encodeURIComponent(encodeURIComponent(text));
  const gene = (symbol: string) => `var:${twice(layout.varIndex)}=${twice(symbol)}`;
  if (axis === "gene") return `data/var?${gene(name)}`;
  if (axis === "layer") {
    const [layer, symbol] = parseLayer(name);
    return `data/var?layer=${encodeURIComponent(layer)}&${gene(symbol)}`;
  }
  const { method, genes } = parseSet(name);
  return `summarize/var?${[`method=${method}`, ...genes.map(gene)].join("&")}`;
}

export function decode(key: ColumnKey, layout: Layout, answer: Answer): LoadedColumn {
  const { axis, name } = parseKey(key);
  const columns = arrowColumns(answer);
  const first = columns[0]?.column;
  if (axis === "layout") return embedding(first, columns[1]?.column, layout.flipped?.(name) ?? false);
  if (axis === "gene") {
    if (!first) throw new ApiError("not_found", `There is no gene "${name}" in this dataset.`);
    return continuous(first);
  }
  if (axis === "layer") {
    const [layer, symbol] = parseLayer(name);
    if (!first) throw new ApiError("not_found", `There is no gene "${symbol}" in ${layer}.`);
    return continuous(first);
  }
  if (axis === "set") {
    if (!first) throw new Undecodable("it has no column for the gene set");
    return continuous(first);
  }
  if (!first) throw new Undecodable(`it has no column "${name}"`);
  if (layout.kind(name) === "continuous") return continuous(first);
  return { kind: "categorical", ...categorical(first) };
}

function continuous(column: ArrowColumn): ContinuousColumn {
  const { values, integer } = numbers(column);
  return { kind: "continuous", values, integer, ...extent(values) };
}

function embedding(x: ArrowColumn | undefined, y: ArrowColumn | undefined, flipped: boolean): LoadedColumn {
  if (!x || !y) throw new Undecodable("an embedding has two columns");
  const points = normalized(numbers(x).values, numbers(y).values);
  return { kind: "embedding", ...points, y: flipped ? points.y.map((place) => 1 - place) : points.y };
}

/** Smallest and largest finite value, and how many values are not finite. */
export function extent(values: Numbers): { min: number; max: number; missing: number } {
  let min = Number.POSITIVE_INFINITY;
  let max = Number.NEGATIVE_INFINITY;
  let missing = 0;
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    // value - value is 0 for finite numbers only
    if (value - value !== 0) missing++;
    else {
      if (value < min) min = value;
      if (value > max) max = value;
    }
  }
  return missing === values.length ? { min: Number.NaN, max: Number.NaN, missing } : { min, max, missing };
}
