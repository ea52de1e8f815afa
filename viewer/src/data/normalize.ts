// Embeddings in [0, 1]: both axes scaled alike and centred, as cellxgene does, so that regions and
// cameras mean the same whatever the units. The server sends them so; then nothing is copied.

import type { Numbers } from "./values";

export function normalized(x: Numbers, y: Numbers): { x: Float32Array; y: Float32Array; missing: number } {
  const box = bounds(x, y);
  if (x instanceof Float32Array && y instanceof Float32Array && box.within) {
    return { x, y, missing: box.missing };
  }
  // A constant embedding has no span: all its cells share the middle.
  const span = Math.max(box.x[1] - box.x[0], box.y[1] - box.y[0]) || 1;
  const scaled = (values: Numbers, [low, high]: [number, number], other: Numbers) =>
    Float32Array.from(values as Float64Array, (value, i) =>
      Number.isFinite(value) && Number.isFinite(other[i])
        ? (value - (low + high) / 2) / span + 0.5
        : Number.NaN,
    );
  return { x: scaled(x, box.x, y), y: scaled(y, box.y, x), missing: box.missing };
}

function bounds(x: Numbers, y: Numbers) {
  let [x0, x1, y0, y1] = [Infinity, -Infinity, Infinity, -Infinity];
  let missing = 0;
  let halves = 0; // cells with one coordinate only
  for (let i = 0; i < x.length; i++) {
    const a = x[i]!;
    const b = y[i]!;
    const noX = a - a !== 0;
    const noY = b - b !== 0;
    if (noX || noY) {
      missing++;
      if (noX !== noY || Math.abs(a) === Infinity || Math.abs(b) === Infinity) halves++;
      continue;
    }
    if (a < x0) x0 = a;
    if (a > x1) x1 = a;
    if (b < y0) y0 = b;
    if (b > y1) y1 = b;
  }
  const slack = 1e-6;
  const within =
    halves === 0 &&
    Math.min(x0, y0) >= -slack &&
    Math.max(x1, y1) <= 1 + slack &&
    (missing === x.length || Math.max(x1 - x0, y1 - y0) >= 1 - slack);
  return { x: [x0, x1] as [number, number], y: [y0, y1] as [number, number], missing, within };
}
