// How the cells of each category spread over what colors the points: cellxgene's occupancy bars.

import type { CategoricalColumn, ContinuousColumn } from "../../state/viewer";

export const BINS = 24;
const MOST_ENTRIES = 2_000_000; // of a table; beyond it no bars are drawn

export type Occupancy =
  // counts[code * width + color]; the last of each row counts the cells without a color
  | { kind: "composition"; width: number; counts: Uint32Array }
  // counts[code * width + bin], and the mean of each category
  | { kind: "distribution"; width: number; counts: Uint32Array; means: Float64Array };

/**
 * Rows are the codes of `column`, then one row for its missing values. `inside` says which cells count; null:
 * all. Numbers count within the range of `color`.
 */
export function occupancy(
  column: CategoricalColumn,
  color: CategoricalColumn | ContinuousColumn,
  inside: Uint8Array | null = null,
): Occupancy | null {
  const rows = column.categories.length + 1;
  if (color.kind === "continuous") return distribution(column, rows, color, inside);
  const width = color.categories.length + 1;
  return rows * width > MOST_ENTRIES ? null : composition(column, rows, color, width, inside);
}

function composition(
  column: CategoricalColumn,
  rows: number,
  color: CategoricalColumn,
  width: number,
  inside: Uint8Array | null,
): Occupancy {
  const counts = new Uint32Array(rows * width);
  const { codes } = column;
  for (let i = 0; i < codes.length; i++) {
    if (inside !== null && inside[i] === 0) continue;
    const row = codes[i]! < 0 ? rows - 1 : codes[i]!;
    const at = color.codes[i]! < 0 ? width - 1 : color.codes[i]!;
    counts[row * width + at]!++;
  }
  return { kind: "composition", width, counts };
}

function distribution(
  column: CategoricalColumn,
  rows: number,
  color: ContinuousColumn,
  inside: Uint8Array | null,
): Occupancy {
  const counts = new Uint32Array(rows * BINS);
  const sums = new Float64Array(rows);
  const numbers = new Uint32Array(rows);
  const { codes } = column;
  const perUnit = color.max > color.min ? BINS / (color.max - color.min) : 0;
  for (let i = 0; i < codes.length; i++) {
    const value = color.values[i]!;
    if (!(value >= color.min && value <= color.max) || (inside !== null && inside[i] === 0)) continue;
    const row = codes[i]! < 0 ? rows - 1 : codes[i]!;
    counts[row * BINS + Math.min(BINS - 1, Math.floor((value - color.min) * perUnit))]!++;
    sums[row]! += value;
    numbers[row]!++;
  }
  const means = sums.map((sum, row) => sum / numbers[row]!);
  return { kind: "distribution", width: BINS, counts, means };
}

/** A CSS background of one stripe per color, as wide as its part of the counts. */
export function stripes(counts: ArrayLike<number>, colors: readonly string[]): string {
  let sum = 0;
  for (let i = 0; i < counts.length; i++) sum += counts[i]!;
  if (sum === 0) return "none";
  const stops: string[] = [];
  let at = 0;
  for (let i = 0; i < counts.length; i++) {
    if (counts[i] === 0) continue;
    const to = at + counts[i]!;
    const color = colors[i] ?? "var(--cxg-point-missing)";
    stops.push(`${color} ${percent(at, sum)} ${percent(to, sum)}`);
    at = to;
  }
  return `linear-gradient(to right, ${stops.join(", ")})`;
}

const percent = (part: number, sum: number): string => `${((100 * part) / sum).toFixed(2)}%`;
