// Points drawn once per size and shape: a stamp for each of 8 × 8 sub-pixel positions of the center.

import type { Layer } from "./look";

export const PHASES = 8;

export interface Stamps {
  readonly reach: number; // pixels from the center's pixel to the stamp's edge
  readonly stride: number; // of the frame that the offsets belong to
  // Stamp s = row phase · 8 + column phase covers pixels start[s] … start[s + 1] of these lists; those that
  // are fully covered come first, up to full[s].
  readonly start: Uint32Array;
  readonly full: Uint32Array;
  readonly offsets: Int32Array; // from the center's pixel, in a frame of this stride
  readonly weights: Uint16Array; // 1 … 256: coverage × alpha, of the point's color
  readonly rims: Uint16Array; // 0 … 256: the same of the background in the disc's rim
}

/** Coverage (0–1) of a pixel whose center is `distance` from the center of a disc: as in points.frag.glsl. */
export function coverage(distance: number, diameter: number): number {
  return Math.min(1, Math.max(0, diameter / 2 + 0.5 - distance));
}

/** Part (0–1) of a pixel's coverage that lies in the rim, one pixel wide. */
export function rimPart(distance: number, diameter: number): number {
  const covered = coverage(distance, diameter);
  return covered > 0 ? 1 - coverage(distance, diameter - 2) / covered : 0;
}

/** How far a shape of this size extends, in whole pixels from its center's pixel. */
export function reachOf(size: number): number {
  return Math.ceil(size / 2 + 0.5);
}

export function makeStamps(layer: Pick<Layer, "shape" | "size" | "alpha" | "rim">, stride: number): Stamps {
  const { size } = layer;
  const reach = reachOf(size);
  const width = 2 * reach + 1;
  const start = new Uint32Array(PHASES * PHASES + 1);
  const full = new Uint32Array(PHASES * PHASES);
  const offsets = new Int32Array(PHASES * PHASES * width * width);
  const weights = new Uint16Array(offsets.length);
  const rims = new Uint16Array(offsets.length);
  let count = 0;
  for (let stamp = 0; stamp < PHASES * PHASES; stamp++) {
    const pixels = stampPixels(stamp, layer);
    pixels.sort((a, b) => Number(b.weight === 256) - Number(a.weight === 256));
    start[stamp] = count;
    full[stamp] = count + pixels.filter((p) => p.weight === 256).length;
    for (const pixel of pixels) {
      offsets[count] = pixel.row * stride + pixel.column;
      weights[count] = pixel.weight;
      rims[count] = pixel.rim;
      count++;
    }
  }
  start[PHASES * PHASES] = count;
  const used = {
    offsets: offsets.slice(0, count),
    weights: weights.slice(0, count),
    rims: rims.slice(0, count),
  };
  return { reach, stride, start, full, ...used };
}

interface StampPixel {
  row: number;
  column: number;
  weight: number;
  rim: number;
}

function stampPixels(
  stamp: number,
  { shape, size, alpha, rim }: Pick<Layer, "shape" | "size" | "alpha" | "rim">,
): StampPixel[] {
  const x = ((stamp % PHASES) + 0.5) / PHASES; // the center within its pixel
  const y = (Math.floor(stamp / PHASES) + 0.5) / PHASES;
  const reach = reachOf(size);
  const pixels: StampPixel[] = [];
  for (let row = -reach; row <= reach; row++) {
    for (let column = -reach; column <= reach; column++) {
      const dx = column + 0.5 - x;
      const dy = row + 0.5 - y;
      const disc = shape === "disc";
      const distance = Math.hypot(dx, dy);
      const covered = disc
        ? coverage(distance, size)
        : Number(Math.abs(dx) < size / 2 && Math.abs(dy) < size / 2);
      const whole = Math.round(256 * alpha * covered);
      const light = disc ? Math.round(whole * rim * rimPart(distance, size)) : 0;
      if (whole > 0) pixels.push({ row, column, weight: whole - light, rim: light });
    }
  }
  return pixels;
}
