// The picture beneath the points, in frames of the CPU rasteriser.

import type { DeviceView } from "./look";
import type { Frame } from "./raster";
import type { Backdrop } from "./renderer";

/** A picture at one of its sizes: each half of the one before, so that far away it does not glitter. */
interface Level {
  words: Uint32Array; // RGBA, little-endian
  width: number;
  height: number;
}

const SMALLEST = 64; // pixels of the shorter side

export class BackdropLevels {
  private readonly levels: Level[];

  constructor(readonly backdrop: Backdrop) {
    const { pixels, width, height } = backdrop;
    // A copy, which begins at a multiple of four bytes.
    this.levels = [{ words: new Uint32Array(pixels.slice().buffer), width, height }];
    for (let last = this.levels[0]!; Math.min(last.width, last.height) >= 2 * SMALLEST; ) {
      last = halved(last);
      this.levels.push(last);
    }
  }

  /** Mixes the picture into a frame of background. */
  draw(frame: Frame, view: DeviceView, opacity: number): void {
    const { left, right, top, bottom } = this.backdrop.box;
    const x0 = left * view.scale + view.left; // device pixels of the picture's edges
    const x1 = right * view.scale + view.left;
    const y0 = view.top - top * view.scale;
    const y1 = view.top - bottom * view.scale;
    const level = this.levelFor(x1 - x0);
    const columns = sources(x0, x1, level.width, frame.width, frame.border);
    const rows = sources(y0, y1, level.height, frame.height, frame.border);
    const weight = Math.round(256 * opacity);
    const stride = frame.width + 2 * frame.border;
    for (let row = 0; row < rows.from.length; row++) {
      const source = rows.from[row]! * level.width;
      let at = (rows.first + row) * stride + columns.first;
      for (let column = 0; column < columns.from.length; column++, at++) {
        const color = level.words[source + columns.from[column]!]!;
        const alpha = color >>> 24;
        // of 256 parts, so that 255 is all of it
        frame.words[at] = mixed(color, frame.words[at]!, (weight * (alpha + (alpha >>> 7))) >> 8);
      }
    }
  }

  private levelFor(width: number): Level {
    const fine = this.levels.filter((level) => level.width >= width);
    return fine.at(-1) ?? this.levels[0]!;
  }
}

/** For each pixel of a frame between two edges, which of the picture's it shows. */
function sources(
  from: number,
  to: number,
  size: number,
  frame: number,
  border: number,
): { first: number; from: Uint32Array } {
  const first = Math.max(0, Math.ceil(from - 0.5));
  const end = Math.min(frame, Math.ceil(to - 0.5));
  const list = new Uint32Array(Math.max(0, end - first));
  for (let i = 0; i < list.length; i++) {
    list[i] = Math.min(size - 1, Math.max(0, Math.floor(((first + i + 0.5 - from) / (to - from)) * size)));
  }
  return { first: first + border, from: list };
}

/** `weight` of 256 parts of one color, the rest of the other. */
function mixed(color: number, under: number, weight: number): number {
  const rest = 256 - weight;
  const redBlue = Math.imul(color & 0xff00ff, weight) + Math.imul(under & 0xff00ff, rest) + 0x800080;
  const green = Math.imul(color & 0x00ff00, weight) + Math.imul(under & 0x00ff00, rest) + 0x008000;
  return (((redBlue >>> 8) & 0xff00ff) | ((green >>> 8) & 0x00ff00) | 0xff000000) >>> 0;
}

function halved({ words, width, height }: Level): Level {
  const half = {
    width: width >> 1,
    height: height >> 1,
    words: new Uint32Array((width >> 1) * (height >> 1)),
  };
  for (let row = 0; row < half.height; row++) {
    for (let column = 0; column < half.width; column++) {
      const at = 2 * row * width + 2 * column;
      const four = [words[at]!, words[at + 1]!, words[at + width]!, words[at + width + 1]!] as const;
      half.words[row * half.width + column] = average(four);
    }
  }
  return half;
}

function average(four: readonly [number, number, number, number]): number {
  let word = 0;
  for (let shift = 0; shift < 32; shift += 8) {
    const sum = four.reduce((total, each) => total + ((each >>> shift) & 0xff), 2);
    word |= (sum >> 2) << shift;
  }
  return word >>> 0;
}
