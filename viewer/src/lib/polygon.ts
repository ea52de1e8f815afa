// Which points lie in a lasso or rectangle. Exact, and quick for millions of points: the polygon is
// drawn into a grid once; only points in cells that its border touches are tested against its edges,
// and of those only the edges of their own row of the grid.

import { Edges, type PathPoint, RowGrid } from "./polygonGrid";

export type { PathPoint };

const BORDER = 2;

/**
 * Mask (n,) of the points inside the polygon by the even-odd rule; it closes itself. NaN is outside.
 * Writes into `out` when given.
 */
export function insidePolygon(
  x: Float32Array,
  y: Float32Array,
  points: readonly PathPoint[],
  out: Uint8Array = new Uint8Array(x.length),
): Uint8Array {
  const edges = new Edges(points);
  if (edges.count < 3 || !(edges.right > edges.left) || !(edges.top > edges.bottom)) return out.fill(0);
  const grid = new RowGrid(edges, x.length > 50_000 ? 1024 : 128);
  const { left, bottom, right, top } = edges;
  const { size, cells, columnScale, rowScale } = grid;
  for (let i = 0; i < x.length; i++) {
    const px = x[i]!;
    const py = y[i]!;
    if (!(px >= left && px <= right && py >= bottom && py <= top)) {
      out[i] = 0;
      continue;
    }
    const column = Math.min(size - 1, ((px - left) * columnScale) | 0);
    const row = Math.min(size - 1, ((py - bottom) * rowScale) | 0);
    const cell = cells[row * size + column]!;
    out[i] = cell === BORDER ? grid.crossings(px, py, row) & 1 : cell;
  }
  return out;
}

/** Mask (n,) of the points in the rectangle between two opposite corners, borders included. */
export function insideRectangle(
  x: Float32Array,
  y: Float32Array,
  a: PathPoint,
  b: PathPoint,
  out: Uint8Array = new Uint8Array(x.length),
): Uint8Array {
  const left = Math.min(a[0], b[0]);
  const right = Math.max(a[0], b[0]);
  const bottom = Math.min(a[1], b[1]);
  const top = Math.max(a[1], b[1]);
  for (let i = 0; i < x.length; i++) {
    const px = x[i]!;
    const py = y[i]!;
    out[i] = px >= left && px <= right && py >= bottom && py <= top ? 1 : 0;
  }
  return out;
}

/**
 * A hand-drawn path with fewer points: those nearer than `minDistance` to the last kept one are dropped,
 * then those that a straight line replaces within `tolerance` (Douglas and Peucker). Same unit as the path.
 */
export function simplifyPath(path: readonly PathPoint[], minDistance = 2, tolerance = 0.5): PathPoint[] {
  const spaced: PathPoint[] = [];
  for (const point of path) {
    const last = spaced.at(-1);
    if (last === undefined || Math.hypot(point[0] - last[0], point[1] - last[1]) >= minDistance) {
      spaced.push(point);
    }
  }
  const end = path.at(-1);
  if (end !== undefined && spaced.length > 1 && spaced.at(-1) !== end) spaced.push(end);
  return straightened(spaced, tolerance);
}

function straightened(path: PathPoint[], tolerance: number): PathPoint[] {
  if (path.length < 3) return path;
  const keep = new Uint8Array(path.length);
  keep[0] = 1;
  keep[path.length - 1] = 1;
  const spans: [number, number][] = [[0, path.length - 1]]; // a stack: long paths must not recurse deeply
  for (let span = spans.pop(); span !== undefined; span = spans.pop()) {
    const [first, last] = span;
    let farthest = -1;
    let distance = tolerance;
    for (let i = first + 1; i < last; i++) {
      const d = distanceToSegment(path[i]!, path[first]!, path[last]!);
      if (d > distance) {
        distance = d;
        farthest = i;
      }
    }
    if (farthest < 0) continue;
    keep[farthest] = 1;
    spans.push([first, farthest], [farthest, last]);
  }
  return path.filter((_, i) => keep[i] === 1);
}

function distanceToSegment(p: PathPoint, a: PathPoint, b: PathPoint): number {
  const dx = b[0] - a[0];
  const dy = b[1] - a[1];
  const length = dx * dx + dy * dy;
  const along = length === 0 ? 0 : ((p[0] - a[0]) * dx + (p[1] - a[1]) * dy) / length;
  const t = Math.min(1, Math.max(0, along));
  return Math.hypot(p[0] - a[0] - t * dx, p[1] - a[1] - t * dy);
}
