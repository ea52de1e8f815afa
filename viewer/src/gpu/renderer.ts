// The wall between the plot and what draws it. Two renderers stand behind this interface: WebGL2
// (webgl.ts) and a CPU rasteriser in a worker (cpu.ts). gpu/ imports lib/ only, takes typed arrays
// and a camera, and returns nothing but pictures.

import type { CameraLike, Projection } from "../lib/camera";
import type { Rgb } from "../lib/palettes";
import { MISSING } from "../lib/quantize";

export { HIDDEN, HIGHLIGHTED, SELECTED } from "../lib/pointState";
export type { CameraLike, Projection, Rgb };
export { MISSING }; // the color code that means "no value"; all other codes index the palette

/** A picture and where it lies. */
export interface Backdrop {
  width: number;
  height: number;
  pixels: Uint8ClampedArray; // RGBA, from the top left
  box: { left: number; bottom: number; right: number; top: number }; // normalised coordinates
}

export interface PointStyle {
  background: Rgb;
  missing: Rgb; // colour of code MISSING
  pointSize: number | "auto"; // CSS pixels
  diameter: number | null; // of points in normalised coordinates, in the place of "auto"
  sizeFactor: number; // × that
  opacity: number; // of selected points, 0–1
  contextOpacity: number; // of points that are not selected
  backdropOpacity: number;
}

export const DEFAULT_STYLE: PointStyle = {
  background: [255, 255, 255],
  missing: [204, 204, 204],
  pointSize: "auto",
  diameter: null,
  sizeFactor: 1,
  opacity: 1,
  contextOpacity: 0.3,
  backdropOpacity: 1,
};

export interface PointRenderer {
  readonly kind: "webgl2" | "cpu";
  /** x and y, each (n,), normalised to [0, 1]; NaN = that point is never drawn. Copies what it needs. */
  setPositions(x: Float32Array, y: Float32Array): void;
  /** One palette index per point (n,), MISSING for none; null = all points in `plain`. */
  setColors(codes: Uint16Array | null, plain: Rgb): void;
  /** RGB triples, 3 × n_colors. Categories: one each; numbers: a 256-entry map. */
  setPalette(rgb: Uint8Array): void;
  /**
   * The whole palette is stretched over the codes from low to high, and codes beyond take its end colors:
   * numbers are quantised once to 0..65534 (lib/quantize.ts) and a new clip range or palette is only a
   * uniform. low and high are codes, fractions allowed. Categories pass null (code = palette index).
   */
  setRamp(range: { low: number; high: number } | null): void;
  /** One byte per point (n,), see the bits above. */
  setState(state: Uint8Array): void;
  /** "random": a fixed random permutation (no category hides another); "value": high codes on top. */
  setOrder(order: "random" | "value"): void;
  /** A picture beneath the points; null = none. */
  setBackdrop(backdrop: Backdrop | null): void;
  setStyle(style: PointStyle): void;
  resize(cssWidth: number, cssHeight: number, pixelRatio: number): void;
  /** Draw with this camera on the next animation frame; many calls in a frame draw once. */
  draw(camera: CameraLike): void;
  /** Resolves when everything asked for so far is on the screen. */
  settled(): Promise<void>;
  /** The plot alone, drawn off-screen at this size, e.g. for the notebook's picture. */
  picture(
    camera: CameraLike,
    cssWidth: number,
    cssHeight: number,
    pixelRatio: number,
    style: PointStyle,
  ): Promise<ImageBitmap | HTMLCanvasElement>;
  dispose(): void;
}
