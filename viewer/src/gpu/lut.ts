// Code → color as the CPU rasteriser wants it: one little-endian RGBA word per code.

import { MISSING } from "../lib/quantize";
import type { Rgb } from "./renderer";
import type { Coloring } from "./scene";

/** RGB as the word that lies in ImageData as R, G, B, 255. */
export function rgbaWord([r, g, b]: Rgb): number {
  return ((255 << 24) | (b << 16) | (g << 8) | r) >>> 0;
}

/** Index into a palette of `size` colors; the same arithmetic as in points.vert.glsl. */
export function paletteIndex(code: number, size: number, ramp: Coloring["ramp"]): number {
  if (ramp === null) return Math.min(code, size - 1);
  const { low, high } = ramp;
  const t = high > low ? Math.min(1, Math.max(0, (code - low) / (high - low))) : code < low ? 0 : 1;
  return Math.floor(t * (size - 1) + 0.5);
}

/** A word for each of the 65536 codes, mixed with the background by `fade` (0–1). */
export function colorWords(
  coloring: Coloring,
  missing: Rgb,
  background: Rgb,
  fade: number,
): Uint32Array<ArrayBuffer> {
  const { palette, ramp } = coloring;
  const size = palette.length / 3;
  const mixed = new Uint32Array(size);
  for (let i = 0; i < size; i++) {
    const color: Rgb = [palette[3 * i]!, palette[3 * i + 1]!, palette[3 * i + 2]!];
    mixed[i] = rgbaWord(mix(color, background, fade));
  }
  const words = new Uint32Array(MISSING + 1);
  for (let code = 0; code < MISSING; code++) words[code] = mixed[paletteIndex(code, size, ramp)]!;
  words[MISSING] = rgbaWord(mix(missing, background, fade));
  return words;
}

export function mix(color: Rgb, background: Rgb, fade: number): Rgb {
  const at = (c: 0 | 1 | 2) => Math.round(color[c] + (background[c] - color[c]) * fade);
  return [at(0), at(1), at(2)];
}
