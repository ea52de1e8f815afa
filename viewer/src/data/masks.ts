// One filter as one byte per cell: 1 = the cell fails it.

import { insidePolygon, insideRectangle } from "../lib/polygon";
import type { RegionStep } from "../state/state";
import type { EmbeddingColumn, Numbers } from "./values";

/** Inclusive at both ends; NaN fails. */
export function rangeMask(values: Numbers, min: number, max: number): Uint8Array {
  const failing = new Uint8Array(values.length);
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    failing[i] = value >= min && value <= max ? 0 : 1;
  }
  return failing;
}

/** Lasso and rectangle drags, one after the other; remembers all but the last, which is being drawn. */
export class RegionMask {
  private settledSteps = "";
  private settled: Uint8Array | null = null; // 1 = inside, before the last of several steps

  constructor(private readonly n: number) {}

  failing(embedding: EmbeddingColumn, steps: RegionStep[]): Uint8Array {
    const inside = steps.length > 1 ? this.before(embedding, steps).slice() : start(embedding, steps[0]);
    const last = steps.at(-1);
    if (last) draw(embedding, last, inside);
    for (let i = 0; i < this.n; i++) inside[i] = 1 - inside[i]!;
    return inside;
  }

  private before(embedding: EmbeddingColumn, steps: RegionStep[]): Uint8Array {
    const before = JSON.stringify(steps.slice(0, -1));
    if (!this.settled || before !== this.settledSteps) {
      this.settled = start(embedding, steps[0]);
      for (const step of steps.slice(0, -1)) draw(embedding, step, this.settled);
      this.settledSteps = before;
    }
    return this.settled;
  }
}

/** What the first step works on: taking away, or keeping a part, begins with every cell that has a place. */
function start({ x, y }: EmbeddingColumn, first: RegionStep | undefined): Uint8Array {
  const inside = new Uint8Array(x.length);
  if (first?.mode === "subtract" || first?.mode === "intersect") {
    for (let i = 0; i < x.length; i++) inside[i] = Number.isNaN(x[i]! + y[i]!) ? 0 : 1;
  }
  return inside;
}

function draw({ x, y }: EmbeddingColumn, { mode, shape, points }: RegionStep, inside: Uint8Array): void {
  const [a, b] = points;
  const drawn =
    shape === "lasso"
      ? insidePolygon(x, y, points)
      : a && b
        ? insideRectangle(x, y, a, b)
        : new Uint8Array(x.length);
  if (mode === "replace") inside.set(drawn);
  else if (mode === "add") for (let i = 0; i < inside.length; i++) inside[i]! |= drawn[i]!;
  else if (mode === "intersect") for (let i = 0; i < inside.length; i++) inside[i]! &= drawn[i]!;
  else for (let i = 0; i < inside.length; i++) inside[i]! &= 1 - drawn[i]!;
}

/** Several filters as one: failing where any of them fails ("all"), or where each does ("any"). */
export function groupMask(n: number, op: "all" | "any", not: boolean, failing: Uint8Array[]): Uint8Array {
  const [first, ...others] = failing;
  // All of nothing is everything; any of nothing is nothing.
  const mask = first ? first.slice() : new Uint8Array(n).fill(op === "any" ? 1 : 0);
  for (const other of others) {
    if (op === "all") for (let i = 0; i < n; i++) mask[i]! |= other[i]!;
    else for (let i = 0; i < n; i++) mask[i]! &= other[i]!;
  }
  if (not) for (let i = 0; i < n; i++) mask[i] = 1 - mask[i]!;
  return mask;
}
