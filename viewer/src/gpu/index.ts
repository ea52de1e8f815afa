// The door to the renderers: the best one that this machine has.

import { CpuRenderer } from "./cpu";
import { hasGpu, openContext } from "./device";
import type { PointRenderer } from "./renderer";
import { WebglRenderer } from "./webgl";

export * from "./renderer";

/**
 * A renderer that draws on this canvas: WebGL2 where a real GPU stands behind it, else the CPU rasteriser.
 * A canvas keeps its first kind of renderer for life.
 */
export function createRenderer(
  canvas: HTMLCanvasElement,
  options: { force?: "webgl2" | "cpu" | undefined } = {},
): PointRenderer {
  const gl = options.force !== "cpu" && (options.force === "webgl2" || hasGpu()) ? openContext(canvas) : null;
  return gl === null ? new CpuRenderer(canvas) : new WebglRenderer(canvas, gl);
}
