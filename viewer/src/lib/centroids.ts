// Where the cells of each category lie in the middle: the median of x and of y, by counting.

export interface Centroids {
  x: Float32Array; // (n_categories,); NaN where no cell of it is drawn
  y: Float32Array;
  count: Uint32Array; // drawn cells
}

const BINS = 2048; // over [0, 1]: finer than a screen's pixels

/** `inside`, when given, says which cells count: those of non-zero bytes. */
export function centroids(
  x: Float32Array,
  y: Float32Array,
  codes: ArrayLike<number>,
  nCategories: number,
  inside: Uint8Array | null,
): Centroids {
  const count = new Uint32Array(nCategories);
  const bins = { x: new Uint32Array(nCategories * BINS), y: new Uint32Array(nCategories * BINS) };
  for (let i = 0; i < x.length; i++) {
    const code = codes[i]!;
    const sum = x[i]! + y[i]!;
    if (code < 0 || Number.isNaN(sum) || (inside !== null && inside[i] === 0)) continue;
    count[code]!++;
    bins.x[code * BINS + binOf(x[i]!)]!++;
    bins.y[code * BINS + binOf(y[i]!)]!++;
  }
  const middles = (counts: Uint32Array) => Float32Array.from(count, (n, code) => median(counts, code, n));
  return { x: middles(bins.x), y: middles(bins.y), count };
}

const binOf = (value: number): number => Math.min(BINS - 1, Math.max(0, (value * BINS) | 0));

function median(counts: Uint32Array, code: number, n: number): number {
  if (n === 0) return Number.NaN;
  let before = 0;
  for (let bin = 0; bin < BINS; bin++) {
    before += counts[code * BINS + bin]!;
    if (2 * before >= n) return (bin + 0.5) / BINS;
  }
  return Number.NaN;
}

export interface Box {
  left: number;
  top: number;
  width: number;
  height: number;
}

/**
 * Which boxes can be seen, in order of importance: one that would lie over an earlier one moves up or down by
 * its own height, and is left out (null) where that does not help.
 */
export function placed(boxes: readonly Box[]): (Box | null)[] {
  const taken: Box[] = [];
  return boxes.map((box) => {
    for (const shift of [0, 1, -1]) {
      const moved = { ...box, top: box.top + shift * box.height };
      if (taken.some((other) => overlaps(moved, other))) continue;
      taken.push(moved);
      return moved;
    }
    return null;
  });
}

const overlaps = (a: Box, b: Box): boolean =>
  a.left < b.left + b.width &&
  b.left < a.left + a.width &&
  a.top < b.top + b.height &&
  b.top < a.top + a.height;
