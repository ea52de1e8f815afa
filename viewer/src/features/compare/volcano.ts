// Where genes lie in a volcano plot: the change from left to right, the smaller p the higher.

import type { Results } from "../../state/viewer";
import { changeOf } from "./rows";

export interface VolcanoPoints {
  x: Float64Array; // per row; NaN where the gene has no place
  y: Float64Array; // -log10 of the adjusted p
  xMax: number; // the plot reaches from -xMax to xMax; what is beyond stands at the edge
  yMax: number;
}

const ROOM = 1.12; // the plot is so much larger than what is in it

export function volcanoPoints(results: Results): VolcanoPoints | null {
  const change = changeOf(results);
  const p = results.numbers.p_adjusted;
  if (!change || !p) return null;
  // A gene that one group lacks has a fold change of 30 that says nothing: it stands at the edge.
  const { fraction_a: inA, fraction_b: inB } = results.numbers;
  const inBoth = (row: number): boolean => !(inA && inB) || inA[row]! * inB[row]! > 0;
  let widest = 0;
  let highest = 0;
  for (let row = 0; row < results.length; row++) {
    const size = Math.abs(change[row]!);
    if (Number.isFinite(size) && inBoth(row)) widest = Math.max(widest, size);
    if (p[row]! > 0) highest = Math.max(highest, -Math.log10(p[row]!));
  }
  const xMax = (widest || 1) * ROOM;
  const yMax = (highest || 1) * ROOM;
  const x = Float64Array.from(change, (value) =>
    Number.isNaN(value) ? Number.NaN : Math.min(xMax, Math.max(-xMax, value)),
  );
  // p of 0 is smaller than any number has room for: it stands at the top.
  const y = Float64Array.from(p, (value) =>
    value > 0 ? Math.min(yMax, -Math.log10(value)) : value === 0 ? yMax : Number.NaN,
  );
  return { x, y, xMax, yMax };
}

export interface Frame {
  left: number;
  top: number;
  width: number;
  height: number;
}

export const toX = ({ xMax }: VolcanoPoints, { left, width }: Frame, value: number): number =>
  left + (width * (value + xMax)) / (2 * xMax);
export const toY = ({ yMax }: VolcanoPoints, { top, height }: Frame, value: number): number =>
  top + height * (1 - value / yMax);

/** The row nearest to a place, within so many pixels; null if there is none. */
export function nearestRow(
  points: VolcanoPoints,
  frame: Frame,
  rows: Uint32Array,
  at: readonly [number, number],
  within: number,
): number | null {
  let best: number | null = null;
  let least = within * within;
  for (const row of rows) {
    const dx = toX(points, frame, points.x[row]!) - at[0];
    const dy = toY(points, frame, points.y[row]!) - at[1];
    const distance = dx * dx + dy * dy;
    if (distance <= least) {
      least = distance;
      best = row;
    }
  }
  return best;
}

/** The rows inside of a rectangle between two corners, in pixels. */
export function rowsInside(
  points: VolcanoPoints,
  frame: Frame,
  rows: Uint32Array,
  a: readonly [number, number],
  b: readonly [number, number],
): Set<number> {
  const [x0, x1] = [Math.min(a[0], b[0]), Math.max(a[0], b[0])];
  const [y0, y1] = [Math.min(a[1], b[1]), Math.max(a[1], b[1])];
  const found = new Set<number>();
  for (const row of rows) {
    const x = toX(points, frame, points.x[row]!);
    const y = toY(points, frame, points.y[row]!);
    if (x >= x0 && x <= x1 && y >= y0 && y <= y1) found.add(row);
  }
  return found;
}

/** The rows that are named in the plot: of those that go up and down the ones with the smallest p. */
export function namedRows(points: VolcanoPoints, rows: Uint32Array, each: number): number[] {
  const placed = Array.from(rows).filter((row) => !Number.isNaN(points.x[row]! + points.y[row]!));
  const far = (row: number): number => Math.abs(points.x[row]!) / points.xMax + points.y[row]! / points.yMax;
  const top = (sign: number): number[] =>
    placed
      .filter((row) => Math.sign(points.x[row]!) === sign)
      .sort((a, b) => far(b) - far(a))
      .slice(0, each);
  return [...top(1), ...top(-1)];
}
