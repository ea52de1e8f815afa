// The CPU rasteriser: layers of points into a frame of RGBA words. Pure loops over typed arrays; a frame
// has a border wide enough that no point on the screen needs clipping.

import { PHASES, type Stamps } from "./stamps";

export interface Frame {
  readonly words: Uint32Array<ArrayBuffer>; // RGBA, little-endian
  readonly width: number; // of the picture within, without the border
  readonly height: number;
  readonly border: number; // pixels on each side
}

/** What all loops need: where points go in the frame. */
export interface Placement {
  readonly xy: Float32Array; // (2 n,)
  readonly classes: Uint8Array; // (n,)
  readonly scale: number; // px = x · scale + left; py = top - y · scale
  readonly left: number;
  readonly top: number;
}

/** Colors of points as RGBA words. */
export interface Paint {
  readonly codes: Uint16Array | null; // (n,) index into words; null: all points have the first
  readonly words: Uint32Array;
}

/** A frame of this size, filled with the background; reuses `buffer` when it has the right length. */
export function makeFrame(
  width: number,
  height: number,
  border: number,
  background: number,
  buffer?: ArrayBuffer,
): Frame {
  const length = (width + 2 * border) * (height + 2 * border);
  const words = new Uint32Array(buffer?.byteLength === 4 * length ? buffer : new ArrayBuffer(4 * length));
  words.fill(background);
  return { words, width, height, border };
}

/** Opaque squares of a whole number of pixels. */
export function drawSquares(
  frame: Frame,
  points: Placement,
  paint: Paint,
  drawn: number,
  side: number,
): void {
  const { words, border } = frame;
  const { xy, classes, scale } = points;
  const stride = frame.width + 2 * border;
  // Column and row of the square's first pixel, shifted into the frame: always positive on the screen.
  const left = points.left + border - side / 2 + 0.5;
  const top = points.top + border - side / 2 + 0.5;
  const right = frame.width + border;
  const bottom = frame.height + border;
  const { codes, words: colors } = paint;
  for (let k = 0; k < classes.length; k++) {
    const column = xy[2 * k]! * scale + left;
    const row = top - xy[2 * k + 1]! * scale;
    if (classes[k] !== drawn || !(column >= 0 && column < right && row >= 0 && row < bottom)) continue;
    const color = colors[codes === null ? 0 : codes[k]!]!;
    let at = (row | 0) * stride + (column | 0);
    if (side === 1) words[at] = color;
    else if (side === 2) {
      words[at] = color;
      words[at + 1] = color;
      words[at + stride] = color;
      words[at + stride + 1] = color;
    } else {
      for (let r = 0; r < side; r++, at += stride) {
        for (let c = 0; c < side; c++) words[at + c] = color;
      }
    }
  }
}

/** Anti-aliased or translucent shapes, from stamps. */
export function drawStamps(
  frame: Frame,
  points: Placement,
  paint: Paint,
  drawn: number,
  stamps: Stamps,
  background: number,
): void {
  const { words, border } = frame;
  const { xy, classes, scale } = points;
  const { start, full, offsets, weights, rims, reach } = stamps;
  const rimRedBlue = background & 0xff00ff;
  const rimGreen = background & 0x00ff00;
  const stride = frame.width + 2 * border;
  const left = points.left + border;
  const top = points.top + border;
  // The center may be off the screen by `reach`; the stamp then still lies within the border.
  const low = border - reach;
  const right = frame.width + border + reach;
  const bottom = frame.height + border + reach;
  const { codes, words: colors } = paint;
  for (let k = 0; k < classes.length; k++) {
    const x = xy[2 * k]! * scale + left;
    const y = top - xy[2 * k + 1]! * scale;
    if (classes[k] !== drawn || !(x >= low && x < right && y >= low && y < bottom)) continue;
    const color = colors[codes === null ? 0 : codes[k]!]!;
    const center = (y | 0) * stride + (x | 0);
    const stamp = (((y * PHASES) | 0) % PHASES) * PHASES + (((x * PHASES) | 0) % PHASES);
    const firstPartial = full[stamp]!;
    const end = start[stamp + 1]!;
    for (let s = start[stamp]!; s < firstPartial; s++) words[center + offsets[s]!] = color;
    const redBlue = color & 0xff00ff;
    const green = color & 0x00ff00;
    for (let s = firstPartial; s < end; s++) {
      const at = center + offsets[s]!;
      const weight = weights[s]!;
      const under = words[at]!;
      const rim = rims[s]!;
      const rest = 256 - weight - rim;
      const rb =
        (Math.imul(redBlue, weight) +
          Math.imul(rimRedBlue, rim) +
          Math.imul(under & 0xff00ff, rest) +
          0x800080) >>>
        8;
      const g =
        (Math.imul(green, weight) +
          Math.imul(rimGreen, rim) +
          Math.imul(under & 0x00ff00, rest) +
          0x008000) >>>
        8;
      words[at] = (rb & 0xff00ff) | (g & 0x00ff00) | 0xff000000;
    }
  }
}
