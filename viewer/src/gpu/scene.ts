// What is drawn, apart from where one looks: the points' places, codes and state, kept as given and,
// ready for drawing, in draw order. Both renderers draw from the same DrawList.

import { permutation } from "../lib/random";
import { drawOrder } from "./order";
import { type Backdrop, HIDDEN, HIGHLIGHTED, type Rgb, SELECTED } from "./renderer";

/** Points are drawn class by class: context first, highlighted ones on top. */
export const CONTEXT_CLASS = 0;
export const SELECTED_CLASS = 1;
export const HIGHLIGHTED_CLASS = 2;
export const HIDDEN_CLASS = 3; // not drawn
export type DrawnClass = typeof CONTEXT_CLASS | typeof SELECTED_CLASS | typeof HIGHLIGHTED_CLASS;

/** All arrays are in draw order; points without a place (NaN) are not in them. */
export interface DrawList {
  readonly n: number;
  readonly xy: Float32Array; // (2 n,) x and y in turn
  readonly codes: Uint16Array | null; // (n,) or null: all points have the plain color
  readonly classes: Uint8Array; // (n,) one of the classes above
  readonly counts: readonly [context: number, selected: number, highlighted: number, hidden: number];
  // each grows when its array does not hold what it held before
  readonly xyVersion: number;
  readonly codesVersion: number;
  readonly classesVersion: number;
}

export interface Coloring {
  plain: Rgb;
  palette: Uint8Array; // RGB triples
  ramp: { low: number; high: number } | null;
  version: number;
}

const SEED = 1;

export class Scene {
  readonly coloring: Coloring = {
    plain: [128, 128, 128],
    palette: new Uint8Array(3),
    ramp: null,
    version: 0,
  };

  backdrop: Backdrop | null = null;

  private x = new Float32Array(0);
  private y = new Float32Array(0);
  private codes: Uint16Array | null = null;
  private state: Uint8Array | null = null;
  private mode: "random" | "value" = "random";

  private shuffled: Uint32Array | null = null; // null: to be made anew
  private order: Uint32Array = new Uint32Array(0);
  private list: DrawList | null = null;
  private stale = { order: true, xy: true, codes: true, classes: true };

  setPositions(x: Float32Array, y: Float32Array): void {
    this.x = x.slice();
    this.y = y.slice();
    this.shuffled = null;
    this.stale = { order: true, xy: true, codes: true, classes: true };
  }

  setColors(codes: Uint16Array | null, plain: Rgb): void {
    this.codes = codes === null ? null : codes.slice();
    this.coloring.plain = plain;
    this.coloring.version++;
    this.stale.order = true;
    this.stale.codes = true;
  }

  setPalette(rgb: Uint8Array): void {
    this.coloring.palette = rgb.length >= 3 ? rgb.slice() : new Uint8Array(3); // no category at all: any color
    this.coloring.version++;
  }

  setRamp(range: { low: number; high: number } | null): void {
    this.coloring.ramp = range === null ? null : { low: range.low, high: range.high };
    this.coloring.version++;
  }

  setState(state: Uint8Array): void {
    this.state = state.slice();
    this.stale.classes = true;
  }

  setOrder(mode: "random" | "value"): void {
    if (mode === this.mode) return;
    this.mode = mode;
    this.stale.order = true;
  }

  setBackdrop(backdrop: Backdrop | null): void {
    this.backdrop = backdrop;
  }

  /** Bring the arrays up to date; only what was changed is made anew. */
  drawList(): DrawList {
    const n = this.x.length;
    // Codes or state of another number of points are not of these points (they are about to be set).
    const codes = this.codes?.length === n ? this.codes : null;
    const state = this.state?.length === n ? this.state : null;
    const order = this.freshOrder(codes);
    const old = this.list;
    const { stale } = this;
    if (old !== null && !(stale.xy || stale.codes || stale.classes)) return old;

    const [classes, counts] =
      old === null || stale.classes ? classify(state, order) : [old.classes, old.counts];
    this.list = {
      n: order.length,
      xy: old === null || stale.xy ? interleave(this.x, this.y, order) : old.xy,
      codes: old === null || stale.codes ? gather(codes, order) : old.codes,
      classes,
      counts,
      xyVersion: (old?.xyVersion ?? 0) + Number(stale.xy),
      codesVersion: (old?.codesVersion ?? 0) + Number(stale.codes),
      classesVersion: (old?.classesVersion ?? 0) + Number(stale.classes),
    };
    this.stale = { order: false, xy: false, codes: false, classes: false };
    return this.list;
  }

  private freshOrder(codes: Uint16Array | null): Uint32Array {
    if (!this.stale.order) return this.order;
    this.shuffled ??= placed(this.x, this.y);
    const order = drawOrder(this.shuffled, codes, this.mode);
    if (order !== this.order) this.stale = { order: false, xy: true, codes: true, classes: true };
    this.stale.order = false;
    this.order = order;
    return order;
  }
}

/** Indices of the points that have a place, in a random order that is always the same. */
function placed(x: Float32Array, y: Float32Array): Uint32Array {
  const shuffled = permutation(x.length, SEED);
  let count = 0;
  for (let k = 0; k < shuffled.length; k++) {
    const i = shuffled[k]!;
    if (Number.isFinite(x[i]! + y[i]!)) shuffled[count++] = i;
  }
  return shuffled.subarray(0, count);
}

function interleave(x: Float32Array, y: Float32Array, order: Uint32Array): Float32Array {
  const xy = new Float32Array(2 * order.length);
  for (let k = 0; k < order.length; k++) {
    const i = order[k]!;
    xy[2 * k] = x[i]!;
    xy[2 * k + 1] = y[i]!;
  }
  return xy;
}

function gather(codes: Uint16Array | null, order: Uint32Array): Uint16Array | null {
  if (codes === null) return null;
  const ordered = new Uint16Array(order.length);
  for (let k = 0; k < order.length; k++) ordered[k] = codes[order[k]!]!;
  return ordered;
}

/** State bits → classes in draw order, and how many there are of each; without state all are selected. */
function classify(state: Uint8Array | null, order: Uint32Array): [Uint8Array, DrawList["counts"]] {
  const classes = new Uint8Array(order.length);
  const counts: [number, number, number, number] = [0, 0, 0, 0];
  if (state === null) {
    classes.fill(SELECTED_CLASS);
    counts[SELECTED_CLASS] = order.length;
    return [classes, counts];
  }
  const classOf = Uint8Array.from({ length: 8 }, (_, bits) => {
    if (bits & HIDDEN) return HIDDEN_CLASS;
    if (bits & HIGHLIGHTED) return HIGHLIGHTED_CLASS;
    return bits & SELECTED ? SELECTED_CLASS : CONTEXT_CLASS;
  });
  for (let k = 0; k < order.length; k++) {
    const drawn = classOf[state[order[k]!]! & 7]!;
    classes[k] = drawn;
    counts[drawn]! += 1;
  }
  return [classes, counts];
}
