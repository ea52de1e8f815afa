// The door to the renderers: one that can start at once, and the best one that this machine has.

import { CpuRenderer } from "./cpu";
import { openContext } from "./device";
import { type Graphics, graphics } from "./probe";
import type { PointRenderer } from "./renderer";
import { sharedHost, sharedSurface } from "./shared";
import { OwnSurface } from "./surface";
import { WebglRenderer } from "./webgl";

export * from "./renderer";
export { type Graphics, graphics };

/**
 * The renderer of the first picture: it waits for no graphics card. A canvas keeps its kind of renderer for
 * life. `shared`: it is one of many plots, which use one worker.
 */
export function firstRenderer(canvas: HTMLCanvasElement, shared = false): PointRenderer {
  return shared ? new CpuRenderer(canvas, sharedHost()) : new CpuRenderer(canvas);
}

/**
 * A WebGL2 renderer on this canvas; null when there is no real GPU behind it. `shared`: it is one of many
 * plots, which use one context.
 */
export async function gpuRenderer(canvas: HTMLCanvasElement, shared = false): Promise<PointRenderer | null> {
  if ((await graphics()) !== "gpu") return null;
  if (shared) {
    const surface = sharedSurface(canvas);
    return surface && new WebglRenderer(surface);
  }
  const gl = openContext(canvas);
  return gl === null ? null : new WebglRenderer(new OwnSurface(canvas, gl));
}
