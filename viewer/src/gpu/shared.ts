// What the plots beside the first one share: one worker of the rasteriser, one WebGL context.

import { openContext } from "./device";
import { RasterHost } from "./rasterHost";
import { SharedSurface } from "./surface";

let host: RasterHost | null = null;
let context: { gl: WebGL2RenderingContext; users: number } | null = null;

/** The worker that draws all of them in turn; it ends with its last scene. */
export function sharedHost(): RasterHost {
  if (host === null || host.closed) host = new RasterHost();
  return host;
}

/** A surface of the one context, for a 2D canvas; null when the browser gives none. */
export function sharedSurface(target: HTMLCanvasElement): SharedSurface | null {
  if (context === null) {
    const gl = openContext(document.createElement("canvas"));
    if (gl === null) return null;
    context = { gl, users: 0 };
  }
  const used = context;
  used.users += 1;
  return new SharedSurface(target, used.gl, () => {
    used.users -= 1;
    if (used.users > 0) return;
    used.gl.getExtension("WEBGL_lose_context")?.loseContext(); // the browser may give it to somebody else
    if (context === used) context = null;
  });
}
