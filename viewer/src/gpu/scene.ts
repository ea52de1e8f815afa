// What is drawn, apart from where one looks: the points' places, codes and state, ready for drawing, in draw
// order. Both renderers draw from the same DrawList.

import { permutation } from "../lib/random";
import { release } from "../lib/release";
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

  private n = 0;
  private given: Float32Array | null = new Float32Array(0); // (2 n,) by cell; null once in draw order
  private codes: Uint16Array | null = null;
  private state: Uint8Array | null = null;
  private mode: "random" | "value" = "random";

  private shuffled: Uint32Array | null = null; // null: to be made anew
  private order: Uint32Array = new Uint32Array(0);
  private list: DrawList | null = null;
  private stale = { order: true, xy: true, codes: true, classes: true };

  setPositions(x: Float32Array, y: Float32Array): void {
    this.n = x.length;
    this.given = new Float32Array(2 * x.length);
    for (let i = 0; i < x.length; i++) {
      this.given[2 * i] = x[i]!;
      this.given[2 * i + 1] = y[i]!;
    }
    this.shuffled = null;
    this.stale = { order: true, xy: true, codes: true, classes: true };
  }

  /** Takes the array over. */
  setColors(codes: Uint16Array | null, plain: Rgb): void {
    release(this.codes);
    this.codes = codes;
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

  /** Takes the array over. */
  setState(state: Uint8Array): void {
    release(this.state);
    this.state = state;
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
    const { n, list: old, order: oldOrder, stale } = this;
    // Codes or state of another number of points are not of these points (they are about to be set).
    const codes = this.codes?.length === n ? this.codes : null;
    const state = this.state?.length === n ? this.state : null;
    const order = this.freshOrder(codes);
    if (old !== null && !(stale.xy || stale.codes || stale.classes)) return old;

    const [classes, counts] =
      old === null || stale.classes ? classify(state, order) : [old.classes, old.counts];
    this.list = {
      n: order.length,
      xy: old === null || stale.xy ? this.places(order, old, oldOrder) : old.xy,
      codes: old === null || stale.codes ? gather(codes, order) : old.codes,
      classes,
      counts,
      xyVersion: (old?.xyVersion ?? 0) + Number(stale.xy),
      codesVersion: (old?.codesVersion ?? 0) + Number(stale.codes),
      classesVersion: (old?.classesVersion ?? 0) + Number(stale.classes),
    };
    if (old !== null) forget(old, this.list);
    if (oldOrder !== order && oldOrder !== this.shuffled) release(oldOrder);
    this.stale = { order: false, xy: false, codes: false, classes: false };
    return this.list;
  }

  /** In draw order; they are kept in no other. */
  private places(order: Uint32Array, old: DrawList | null, oldOrder: Uint32Array): Float32Array {
    const byCell = this.given ?? ungather(old!.xy, oldOrder, this.n);
    const xy = gatherPlaces(byCell, order);
    release(byCell);
    this.given = null;
    return xy;
  }

  private freshOrder(codes: Uint16Array | null): Uint32Array {
    if (!this.stale.order) return this.order;
    this.shuffled ??= placed(this.given!);
    const order = drawOrder(this.shuffled, codes, this.mode);
    if (order !== this.order) Object.assign(this.stale, { xy: true, codes: true, classes: true });
    this.stale.order = false;
    this.order = order;
    return order;
  }
}

/** The arrays of a list that the next one does not have. */
function forget(old: DrawList, next: DrawList): void {
  for (const name of ["xy", "codes", "classes"] as const) if (old[name] !== next[name]) release(old[name]);
}

/** Indices of the points that have a place, in a random order that is always the same. */
function placed(places: Float32Array): Uint32Array {
  const shuffled = permutation(places.length / 2, SEED);
  let count = 0;
  for (let k = 0; k < shuffled.length; k++) {
    const i = shuffled[k]!;
    if (Number.isFinite(places[2 * i]! + places[2 * i + 1]!)) shuffled[count++] = i;
  }
  return shuffled.subarray(0, count);
}

function gatherPlaces(places: Float32Array, order: Uint32Array): Float32Array {
  const xy = new Float32Array(2 * order.length);
  for (let k = 0; k < order.length; k++) {
    const i = order[k]!;
    xy[2 * k] = places[2 * i]!;
    xy[2 * k + 1] = places[2 * i + 1]!;
  }
  return xy;
}

/** Places in draw order → by cell; cells that are not drawn have any. */
function ungather(xy: Float32Array, order: Uint32Array, n: number): Float32Array {
  const places = new Float32Array(2 * n);
  for (let k = 0; k < order.length; k++) {
    const i = order[k]!;
    places[2 * i] = xy[2 * k]!;
    places[2 * i + 1] = xy[2 * k + 1]!;
  }
  return places;
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
