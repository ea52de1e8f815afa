// The door to the renderers: one that can start at once, and the best one that this machine has.

import { CpuRenderer } from "./cpu";
import { openContext } from "./device";
import { hasGpu } from "./probe";
import type { PointRenderer } from "./renderer";
import { WebglRenderer } from "./webgl";

export * from "./renderer";

/**
 * The renderer of the first picture: it waits for no graphics card. A canvas keeps its kind of renderer for
 * life.
 */
export function firstRenderer(canvas: HTMLCanvasElement): PointRenderer {
  return new CpuRenderer(canvas);
}

/** A WebGL2 renderer on this canvas; null when there is no real GPU behind it. */
export async function gpuRenderer(canvas: HTMLCanvasElement): Promise<PointRenderer | null> {
  if (!(await hasGpu())) return null;
  const gl = openContext(canvas);
  return gl === null ? null : new WebglRenderer(canvas, gl);
}
