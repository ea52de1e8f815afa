// Colors of data: maps for numbers, and the palettes of categories that scanpy's users know.

import { COLOR_MAP_DATA, GODSNOT_102, VEGA_20, ZEILEIS_28 } from "./paletteData";

export type Rgb = readonly [r: number, g: number, b: number]; // 0–255

export type ColorMapName = "viridis" | "magma" | "cividis" | "cool" | "rdbu";

export const COLOR_MAP_NAMES: readonly ColorMapName[] = ["viridis", "magma", "cividis", "cool", "rdbu"];

/** The map as 256 RGB triples (768,), from the lowest to the highest value. */
export function colorMap(name: ColorMapName, reversed = false): Uint8Array<ArrayBuffer> {
  const map = Uint8Array.from(atob(COLOR_MAP_DATA[name].join("")), (letter) => letter.charCodeAt(0));
  if (!reversed) return map;
  const other = new Uint8Array(map.length);
  for (let i = 0; i < map.length; i += 3) other.set(map.subarray(i, i + 3), map.length - 3 - i);
  return other;
}

/**
 * RGB triples (3 n,) for n categories: scanpy's default palette for that many (20, 28 or 102 colors, then
 * from the start again). `custom` gives colors of single categories, "#rrggbb"; gaps keep the default.
 */
export function categoryColors(
  n: number,
  custom?: readonly (string | null | undefined)[],
): Uint8Array<ArrayBuffer> {
  const palette = n <= 20 ? VEGA_20 : n <= 28 ? ZEILEIS_28 : GODSNOT_102;
  const rgb = new Uint8Array(3 * n);
  for (let i = 0; i < n; i++) {
    rgb.set(parseHex(custom?.[i] ?? "") ?? parseHex(palette[i % palette.length]!)!, 3 * i);
  }
  return rgb;
}

/** "#rrggbb" or "#rgb" → RGB; null when it is anything else. */
export function parseHex(text: string): Rgb | null {
  if (!/^#([0-9a-f]{3}|[0-9a-f]{6})$/i.test(text)) return null;
  const digits = text.length === 4 ? text.slice(1).replace(/./g, "$&$&") : text.slice(1);
  const value = Number.parseInt(digits, 16);
  return [value >> 16, (value >> 8) & 0xff, value & 0xff];
}

/** The i-th triple of a palette. */
export function rgbAt(palette: Uint8Array, i: number): Rgb {
  return [palette[3 * i]!, palette[3 * i + 1]!, palette[3 * i + 2]!];
}

/** For style attributes: "rgb(31 119 180)". */
export function rgbToCss([r, g, b]: Rgb): string {
  return `rgb(${r} ${g} ${b})`;
}
