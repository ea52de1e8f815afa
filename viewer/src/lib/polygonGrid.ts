// A polygon drawn into a square grid over its bounding box, for polygon.ts.

export type PathPoint = readonly [x: number, y: number];

/** The polygon's edges as flat arrays; the last point is joined to the first. */
export class Edges {
  readonly count: number;
  readonly x0: Float64Array;
  readonly y0: Float64Array;
  readonly x1: Float64Array;
  readonly y1: Float64Array;
  left = Number.POSITIVE_INFINITY;
  right = Number.NEGATIVE_INFINITY;
  bottom = Number.POSITIVE_INFINITY;
  top = Number.NEGATIVE_INFINITY;

  constructor(points: readonly PathPoint[]) {
    this.count = points.length;
    this.x0 = Float64Array.from(points, (p) => p[0]);
    this.y0 = Float64Array.from(points, (p) => p[1]);
    this.x1 = Float64Array.from(points, (_, i) => points[(i + 1) % points.length]![0]);
    this.y1 = Float64Array.from(points, (_, i) => points[(i + 1) % points.length]![1]);
    for (const [x, y] of points) {
      this.left = Math.min(this.left, x);
      this.right = Math.max(this.right, x);
      this.bottom = Math.min(this.bottom, y);
      this.top = Math.max(this.top, y);
    }
  }
}

/** Each grid cell: 0 outside, 1 inside, 2 touched by the border. */
export class RowGrid {
  readonly cells: Uint8Array;
  readonly columnScale: number; // grid cells per unit
  readonly rowScale: number;
  private readonly start: Uint32Array; // (size + 1,) where each row's edges begin in `inRow`
  private readonly inRow: Uint32Array; // edges by row of the grid

  constructor(
    private readonly edges: Edges,
    readonly size: number,
  ) {
    this.columnScale = size / (edges.right - edges.left);
    this.rowScale = size / (edges.top - edges.bottom);
    this.cells = new Uint8Array(size * size);
    this.start = new Uint32Array(size + 1);
    this.inRow = this.sortEdgesByRow();
    const crossing = new Float64Array(edges.count);
    for (let row = 0; row < size; row++) {
      this.fillInside(row, crossing);
      for (let k = this.start[row]!; k < this.start[row + 1]!; k++) this.markBorder(row, this.inRow[k]!);
    }
  }

  /** How many edges a ray from (x, y) to the right crosses: odd = inside. `row` is the point's grid row. */
  crossings(x: number, y: number, row: number): number {
    const { x0, y0, x1, y1 } = this.edges;
    let count = 0;
    for (let k = this.start[row]!; k < this.start[row + 1]!; k++) {
      const e = this.inRow[k]!;
      const ya = y0[e]!;
      const yb = y1[e]!;
      if (ya > y !== yb > y && x < ((x1[e]! - x0[e]!) * (y - ya)) / (yb - ya) + x0[e]!) count++;
    }
    return count;
  }

  private sortEdgesByRow(): Uint32Array {
    const { start, edges } = this;
    for (let e = 0; e < edges.count; e++) {
      for (let row = this.firstRow(e); row <= this.lastRow(e); row++) start[row + 1]!++;
    }
    for (let row = 0; row < this.size; row++) start[row + 1]! += start[row]!;
    const next = start.slice();
    const inRow = new Uint32Array(start[this.size]!);
    for (let e = 0; e < edges.count; e++) {
      for (let row = this.firstRow(e); row <= this.lastRow(e); row++) inRow[next[row]!++] = e;
    }
    return inRow;
  }

  // A hair of a row on either side: rounding may put a point into the neighboring row.
  private firstRow(e: number): number {
    return this.rowOf(Math.min(this.edges.y0[e]!, this.edges.y1[e]!), -1e-6);
  }

  private lastRow(e: number): number {
    return this.rowOf(Math.max(this.edges.y0[e]!, this.edges.y1[e]!), 1e-6);
  }

  private rowOf(y: number, hair: number): number {
    const row = Math.floor((y - this.edges.bottom) * this.rowScale + hair);
    return Math.min(this.size - 1, Math.max(0, row));
  }

  /** Cells whose center is inside, by scan line; those on the border are settled afterwards. */
  private fillInside(row: number, crossing: Float64Array): void {
    const { x0, y0, x1, y1, left, bottom } = this.edges;
    const y = bottom + (row + 0.5) / this.rowScale;
    let count = 0;
    for (let k = this.start[row]!; k < this.start[row + 1]!; k++) {
      const e = this.inRow[k]!;
      const ya = y0[e]!;
      const yb = y1[e]!;
      if (ya > y !== yb > y) crossing[count++] = ((x1[e]! - x0[e]!) * (y - ya)) / (yb - ya) + x0[e]!;
    }
    const sorted = crossing.subarray(0, count).sort();
    for (let k = 0; k + 1 < count; k += 2) {
      const from = Math.ceil((sorted[k]! - left) * this.columnScale - 0.5);
      const to = Math.ceil((sorted[k + 1]! - left) * this.columnScale - 0.5);
      this.cells.fill(1, row * this.size + Math.max(0, from), row * this.size + Math.max(0, to));
    }
  }

  /** The cells of this row that the edge passes through, and one more on either side for rounding. */
  private markBorder(row: number, e: number): void {
    const { edges, size } = this;
    const low = edges.bottom + (row - 0.01) / this.rowScale;
    const high = edges.bottom + (row + 1.01) / this.rowScale;
    const xa = this.edgeAt(e, low, high, edges.y0[e]!, edges.x0[e]!);
    const xb = this.edgeAt(e, low, high, edges.y1[e]!, edges.x1[e]!);
    const from = Math.floor((Math.min(xa, xb) - edges.left) * this.columnScale) - 1;
    const to = Math.floor((Math.max(xa, xb) - edges.left) * this.columnScale) + 1;
    this.cells.fill(2, row * size + Math.max(0, from), row * size + Math.min(size - 1, to) + 1);
  }

  /** x of the edge at one of its ends (endY, endX), moved along the edge into [low, high]. */
  private edgeAt(e: number, low: number, high: number, endY: number, endX: number): number {
    const y = Math.min(high, Math.max(low, endY));
    if (y === endY) return endX;
    const { x0, y0, x1, y1 } = this.edges;
    return x0[e]! + ((x1[e]! - x0[e]!) * (y - y0[e]!)) / (y1[e]! - y0[e]!);
  }
}
