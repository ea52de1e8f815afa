// The point under the pointer: points counted into a uniform grid, searched ring by ring.

export interface NearestGrid {
  readonly x: Float32Array; // as given, not copied
  readonly y: Float32Array;
  readonly size: number; // size × size grid cells over [0, 1]²
  readonly start: Uint32Array; // (size² + 1,)
  readonly points: Uint32Array; // indices of points, by grid cell
}

/** Sort the points of the unit square into a grid (counting sort); NaN is left out. */
export function nearestGrid(x: Float32Array, y: Float32Array): NearestGrid {
  const size = Math.min(512, Math.max(1, Math.ceil(Math.sqrt(x.length / 2))));
  const outside = size * size;
  const cellOf = new Uint32Array(x.length);
  const start = new Uint32Array(outside + 2);
  for (let i = 0; i < x.length; i++) {
    const px = x[i]!;
    const py = y[i]!;
    const known = !Number.isNaN(px + py);
    const cell = known ? clampCell(py, size) * size + clampCell(px, size) : outside;
    cellOf[i] = cell;
    start[cell + 1]!++;
  }
  for (let cell = 0; cell < outside; cell++) start[cell + 1]! += start[cell]!;
  const next = start.slice(0, outside);
  const points = new Uint32Array(start[outside]!);
  for (let i = 0; i < x.length; i++) {
    const cell = cellOf[i]!;
    if (cell < outside) points[next[cell]!++] = i;
  }
  return { x, y, size, start: start.slice(0, outside + 1), points };
}

/**
 * Index of the point nearest to (x, y) within `radius`, or -1. With a mask (n,) only points of non-zero
 * bytes are found.
 */
export function nearestPoint(
  grid: NearestGrid,
  x: number,
  y: number,
  radius: number,
  mask?: Uint8Array,
): number {
  const { size } = grid;
  const reach = Math.min(radius, 2); // the unit square's diagonal is shorter
  const left = clampCell(x - reach, size);
  const right = clampCell(x + reach, size);
  const low = clampCell(y - reach, size);
  const high = clampCell(y + reach, size);
  const column = Math.min(right, Math.max(left, clampCell(x, size)));
  const row = Math.min(high, Math.max(low, clampCell(y, size)));
  const best: Best = { index: -1, distance: radius * radius };
  const rings = Math.max(column - left, right - column, row - low, high - row);
  for (let ring = 0; ring <= rings; ring++) {
    // Nothing in this ring or beyond can be nearer than ring - 1 whole cells.
    const gap = (ring - 1) / size;
    if (ring > 1 && gap * gap > best.distance) break;
    for (let r = Math.max(low, row - ring); r <= Math.min(high, row + ring); r++) {
      const wholeRow = r === row - ring || r === row + ring;
      const step = wholeRow || ring === 0 ? 1 : 2 * ring;
      for (let c = column - ring; c <= column + ring; c += step) {
        if (c >= left && c <= right) searchCell(grid, r * size + c, x, y, best, mask);
      }
    }
  }
  return best.index;
}

interface Best {
  index: number;
  distance: number; // squared
}

function searchCell(
  grid: NearestGrid,
  cell: number,
  x: number,
  y: number,
  best: Best,
  mask?: Uint8Array,
): void {
  for (let k = grid.start[cell]!; k < grid.start[cell + 1]!; k++) {
    const i = grid.points[k]!;
    const dx = grid.x[i]! - x;
    const dy = grid.y[i]! - y;
    const distance = dx * dx + dy * dy;
    if (distance <= best.distance && (mask === undefined || mask[i]! !== 0)) {
      best.index = i;
      best.distance = distance;
    }
  }
}

function clampCell(value: number, size: number): number {
  return Math.min(size - 1, Math.max(0, (value * size) | 0));
}
