// Contrast as WCAG has it, and colors of data that can be told from what is behind them.

import type { Rgb } from "./palettes";

/** Relative luminance, from 0 (black) to 1 (white). */
export function luminance([r, g, b]: Rgb): number {
  return 0.2126 * linear(r) + 0.7152 * linear(g) + 0.0722 * linear(b);
}

/** From 1 (none) to 21. */
export function contrast(a: Rgb, b: Rgb): number {
  const [low, high] = [luminance(a), luminance(b)].sort((x, y) => x - y) as [number, number];
  return (high + 0.05) / (low + 0.05);
}

const DARK = 0.18; // backgrounds below this luminance
const LEAST = 1.8; // contrast of any point with a dark background
const LEFT_ALONE = 2.6; // colors that have this much stay as they are

const lifted = new WeakMap<Uint8Array, { key: string; palette: Uint8Array }>();

/**
 * A palette of RGB triples for a background. On a dark one its darkest colors become lighter, in the order that they
 * had: the low end of viridis, where most cells of most genes are, would be as dark as the background. On a light
 * one nothing changes, so that the colors are scanpy's.
 */
export function visibleOn(palette: Uint8Array, background: Rgb): Uint8Array {
  if (luminance(background) >= DARK) return palette;
  const key = String(background);
  const known = lifted.get(palette);
  if (known?.key === key) return known.palette;
  const found = palette.slice();
  for (let i = 0; i < found.length; i += 3) {
    const color: Rgb = [found[i]!, found[i + 1]!, found[i + 2]!];
    const has = contrast(color, background);
    if (has >= LEFT_ALONE) continue;
    found.set(lighter(color, background, LEAST + ((has - 1) * (LEFT_ALONE - LEAST)) / (LEFT_ALONE - 1)), i);
  }
  lifted.set(palette, { key, palette: found });
  return found;
}

/** The color mixed with as much white as gives it this contrast with the background. */
function lighter(color: Rgb, background: Rgb, wanted: number): Rgb {
  let [low, high] = [0, 1];
  const mixed = (part: number) => color.map((c) => Math.round(c + (255 - c) * part)) as unknown as Rgb;
  for (let step = 0; step < 10; step++) {
    const middle = (low + high) / 2;
    if (contrast(mixed(middle), background) < wanted) low = middle;
    else high = middle;
  }
  return mixed(high);
}

function linear(value: number): number {
  const part = value / 255;
  return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
}
