// Pixels of the CPU rasteriser onto a canvas.

import type { Pixels } from "./rasterizer";

/** Show a frame: the canvas takes its size in the same moment, so that nothing flickers. */
export function paintPixels(canvas: HTMLCanvasElement, { buffer, width, height, border }: Pixels): void {
  const context = canvas.getContext("2d", { alpha: false });
  if (context === null) return; // a page without 2D drawing shows nothing, but keeps working
  if (canvas.width !== width || canvas.height !== height) {
    canvas.width = width;
    canvas.height = height;
  }
  const image = new ImageData(new Uint8ClampedArray(buffer), width + 2 * border, height + 2 * border);
  context.putImageData(image, -border, -border, border, border, width, height);
}

export function pixelsToCanvas(pixels: Pixels): HTMLCanvasElement {
  const canvas = document.createElement("canvas");
  paintPixels(canvas, pixels);
  return canvas;
}
