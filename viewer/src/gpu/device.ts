// The WebGL2 context: whether there is a real GPU behind it, its loss, its programs.

/** Names under which a CPU pretends to be a GPU; our own rasteriser is many times faster than those. */
const SOFTWARE = /swiftshader|llvmpipe|softpipe|lavapipe|microsoft basic render|software/i;

/** The part of a context that tells who draws. */
export interface NamedGl {
  readonly RENDERER: number;
  getExtension(name: "WEBGL_debug_renderer_info"): { UNMASKED_RENDERER_WEBGL: number } | null;
  getParameter(parameter: number): unknown;
}

/** Whether this context draws on the CPU. Where the name is hidden, it is taken for a GPU. */
export function softwareGl(gl: NamedGl): boolean {
  const unmasked = gl.getExtension("WEBGL_debug_renderer_info")?.UNMASKED_RENDERER_WEBGL;
  return SOFTWARE.test(String(gl.getParameter(unmasked ?? gl.RENDERER)));
}

/** Who draws WebGL2: a graphics card, the processor in its stead, or nobody, since there is no WebGL2. */
export type Graphics = "gpu" | "software" | "none";

/** Who draws WebGL2 on this canvas, which serves for nothing else. Slow where it is no graphics card. */
export function graphicsOf(canvas: HTMLCanvasElement | OffscreenCanvas): Graphics {
  const gl = canvas.getContext("webgl2") as WebGL2RenderingContext | null;
  if (gl === null || gl.isContextLost()) return "none";
  const software = softwareGl(gl);
  gl.getExtension("WEBGL_lose_context")?.loseContext();
  return software ? "software" : "gpu";
}

export function openContext(canvas: HTMLCanvasElement): WebGL2RenderingContext | null {
  return canvas.getContext("webgl2", {
    alpha: true,
    premultipliedAlpha: true,
    antialias: false, // discs smooth their own edges
    depth: false,
    stencil: false,
    preserveDrawingBuffer: false,
  });
}

/** Be told of the context's loss and return; call the answer to be told no more. */
export function onContextLoss(canvas: HTMLCanvasElement, lost: () => void, restored: () => void): () => void {
  const handleLost = (event: Event) => {
    event.preventDefault(); // else the browser never restores it
    lost();
  };
  canvas.addEventListener("webglcontextlost", handleLost);
  canvas.addEventListener("webglcontextrestored", restored);
  return () => {
    canvas.removeEventListener("webglcontextlost", handleLost);
    canvas.removeEventListener("webglcontextrestored", restored);
  };
}

/** Compile and link; an error here is a mistake in our shaders (or a context that was lost meanwhile). */
export function makeProgram(gl: WebGL2RenderingContext, vertex: string, fragment: string): WebGLProgram {
  const program = gl.createProgram();
  for (const [kind, source] of [
    [gl.VERTEX_SHADER, vertex],
    [gl.FRAGMENT_SHADER, fragment],
  ] as const) {
    const shader = gl.createShader(kind)!;
    gl.shaderSource(shader, source);
    gl.compileShader(shader);
    gl.attachShader(program, shader);
    gl.deleteShader(shader); // freed together with the program
  }
  gl.linkProgram(program);
  if (!gl.getProgramParameter(program, gl.LINK_STATUS) && !gl.isContextLost()) {
    const logs = gl.getAttachedShaders(program)?.map((shader) => gl.getShaderInfoLog(shader)) ?? [];
    throw new Error(`The point shaders do not link: ${[gl.getProgramInfoLog(program), ...logs].join(" ")}`);
  }
  return program;
}
