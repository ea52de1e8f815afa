// The one pass of the WebGL2 renderer: layers of points. Holds what lies on the GPU, and nothing that
// could not be made again from the scene after a loss of the context.

import { BackdropPass } from "./backdropPass";
import { makeProgram } from "./device";
import type { DeviceView, Layer } from "./look";
import fragmentSource from "./points.frag.glsl?raw";
import vertexSource from "./points.vert.glsl?raw";
import type { PointStyle, Rgb } from "./renderer";
import type { Coloring, DrawList, Scene } from "./scene";

const PALETTE_WIDTH = 1024; // as in points.vert.glsl
const GUARD = 40; // device pixels around the canvas in which points still count as visible
const COARSEST_STEP = 0.25; // device pixels: finer than this, 16-bit places look exact

// attributes, as in points.vert.glsl
const PLACE = 0;
const INK = 1;

type Uniforms = Record<
  | "center"
  | "centerRest"
  | "scale"
  | "drawn"
  | "pointSize"
  | "coded"
  | "ramped"
  | "ramp"
  | "colors"
  | "plain"
  | "missing"
  | "background"
  | "fade"
  | "disc"
  | "alpha"
  | "rim",
  WebGLUniformLocation | null
>;

export class PointsPass {
  private readonly program: WebGLProgram;
  private readonly uniforms: Uniforms;
  private readonly palette: WebGLTexture;
  private readonly ink: WebGLBuffer;
  private readonly places: { coarse: WebGLBuffer; fine: WebGLBuffer };
  private backdrop: BackdropPass | null = null;
  // versions of what was uploaded
  private uploaded = { coarse: -1, fine: -1, codes: -1, classes: -1, coloring: -1 };

  constructor(private readonly gl: WebGL2RenderingContext) {
    this.program = makeProgram(gl, vertexSource, fragmentSource);
    const at = (name: string) => gl.getUniformLocation(this.program, `u_${name}`);
    this.uniforms = {
      center: at("center"),
      centerRest: at("centerRest"),
      scale: at("scale"),
      drawn: at("drawn"),
      pointSize: at("pointSize"),
      coded: at("coded"),
      ramped: at("ramped"),
      ramp: at("ramp"),
      colors: at("colors"),
      plain: at("plain"),
      missing: at("missing"),
      background: at("background"),
      fade: at("fade"),
      disc: at("disc"),
      alpha: at("alpha"),
      rim: at("rim"),
    };
    this.palette = gl.createTexture();
    this.ink = gl.createBuffer();
    this.places = { coarse: gl.createBuffer(), fine: gl.createBuffer() };
    gl.bindTexture(gl.TEXTURE_2D, this.palette);
    gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_MIN_FILTER, gl.NEAREST);
    gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_MAG_FILTER, gl.NEAREST);
  }

  draw(
    list: DrawList,
    { coloring, backdrop }: Pick<Scene, "coloring" | "backdrop">,
    drawn: Layer[],
    view: DeviceView,
    center: { x: number; y: number },
    style: PointStyle,
  ): void {
    const { gl, uniforms } = this;
    const [r, g, b] = unit(style.background);
    gl.clearColor(r, g, b, 1);
    gl.clear(gl.COLOR_BUFFER_BIT);
    if (backdrop !== null) {
      this.backdrop ??= new BackdropPass(gl);
      this.backdrop.draw(backdrop, view, style.backdropOpacity);
    }
    if (list.n === 0) return;
    // Another plot may have drawn with this context in between.
    // biome-ignore lint/correctness/useHookAtTopLevel: WebGL's method, not a React hook
    gl.useProgram(this.program);
    gl.bindTexture(gl.TEXTURE_2D, this.palette);
    gl.blendFunc(gl.ONE, gl.ONE_MINUS_SRC_ALPHA);
    this.bindPlaces(list, view.scale / 0xffff > COARSEST_STEP);
    this.bindInk(list);
    this.bindPalette(coloring);

    // Points whose center is off the clip space are not drawn at all: widen it, so that those at the edge
    // of the canvas are drawn in part.
    const width = view.width + 2 * GUARD;
    const height = view.height + 2 * GUARD;
    gl.viewport(-GUARD, -GUARD, width, height);
    const [x, y] = [Math.fround(center.x), Math.fround(center.y)];
    gl.uniform2f(uniforms.center, x, y);
    gl.uniform2f(uniforms.centerRest, center.x - x, center.y - y);
    gl.uniform2f(uniforms.scale, (2 * view.scale) / width, (2 * view.scale) / height);
    gl.uniform3f(uniforms.background, r, g, b);
    gl.uniform3f(uniforms.missing, ...unit(style.missing));
    for (const layer of drawn) this.drawLayer(layer, list, coloring, style);
  }

  dispose(): void {
    const { gl } = this;
    for (const buffer of [this.ink, this.places.coarse, this.places.fine]) gl.deleteBuffer(buffer);
    gl.deleteTexture(this.palette);
    this.backdrop?.dispose();
    gl.deleteProgram(this.program);
  }

  private drawLayer(layer: Layer, list: DrawList, coloring: Coloring, style: PointStyle): void {
    const { gl, uniforms } = this;
    const disc = layer.shape === "disc";
    const coded = layer.flat === null && list.codes !== null;
    gl.uniform1ui(uniforms.drawn, layer.drawn);
    gl.uniform1f(uniforms.pointSize, disc ? layer.size + 1 : layer.size);
    gl.uniform1i(uniforms.disc, Number(disc));
    gl.uniform1f(uniforms.alpha, layer.alpha);
    gl.uniform1f(uniforms.rim, layer.rim);
    gl.uniform1f(uniforms.fade, layer.fade);
    gl.uniform1i(uniforms.coded, Number(coded));
    gl.uniform3f(uniforms.plain, ...unit(layer.flat === null ? coloring.plain : style.background));
    if (disc || layer.alpha < 1) gl.enable(gl.BLEND);
    else gl.disable(gl.BLEND);
    gl.drawArrays(gl.POINTS, 0, list.n);
  }

  private bindPlaces(list: DrawList, fine: boolean): void {
    const { gl, uploaded } = this;
    gl.bindBuffer(gl.ARRAY_BUFFER, fine ? this.places.fine : this.places.coarse);
    const kept = fine ? uploaded.fine : uploaded.coarse;
    if (kept !== list.xyVersion) {
      gl.bufferData(gl.ARRAY_BUFFER, fine ? list.xy : coarsePlaces(list.xy), gl.STATIC_DRAW);
      if (fine) uploaded.fine = list.xyVersion;
      else uploaded.coarse = list.xyVersion;
    }
    gl.enableVertexAttribArray(PLACE);
    if (fine) gl.vertexAttribPointer(PLACE, 2, gl.FLOAT, false, 8, 0);
    else gl.vertexAttribPointer(PLACE, 2, gl.UNSIGNED_SHORT, true, 4, 0);
  }

  private bindInk(list: DrawList): void {
    const { gl, uploaded } = this;
    gl.bindBuffer(gl.ARRAY_BUFFER, this.ink);
    if (uploaded.codes !== list.codesVersion || uploaded.classes !== list.classesVersion) {
      gl.bufferData(gl.ARRAY_BUFFER, inkWords(list), gl.DYNAMIC_DRAW);
      uploaded.codes = list.codesVersion;
      uploaded.classes = list.classesVersion;
    }
    gl.enableVertexAttribArray(INK);
    gl.vertexAttribIPointer(INK, 1, gl.UNSIGNED_INT, 4, 0);
  }

  private bindPalette(coloring: Coloring): void {
    const { gl, uniforms, uploaded } = this;
    if (uploaded.coloring === coloring.version) return;
    uploaded.coloring = coloring.version;
    const count = coloring.palette.length / 3;
    const rows = Math.ceil(count / PALETTE_WIDTH);
    const width = Math.min(count, PALETTE_WIDTH);
    const texels = new Uint8Array(4 * width * rows);
    for (let i = 0; i < count; i++) texels.set(coloring.palette.subarray(3 * i, 3 * i + 3), 4 * i);
    gl.texImage2D(gl.TEXTURE_2D, 0, gl.RGBA8, width, rows, 0, gl.RGBA, gl.UNSIGNED_BYTE, texels);
    gl.uniform1i(uniforms.colors, count);
    gl.uniform1i(uniforms.ramped, Number(coloring.ramp !== null));
    if (coloring.ramp !== null) gl.uniform2f(uniforms.ramp, coloring.ramp.low, coloring.ramp.high);
  }
}

/** Places (2 n,) in [0, 1] as 16-bit integers: half the memory to read for each frame. */
function coarsePlaces(xy: Float32Array): Uint16Array {
  const places = new Uint16Array(xy.length);
  for (let k = 0; k < xy.length; k++) {
    places[k] = Math.min(0xffff, Math.max(0, xy[k]! * 0xffff + 0.5));
  }
  return places;
}

/** Code and class of each point in one word: every GPU reads 4-byte attributes at full speed. */
function inkWords(list: DrawList): Uint32Array {
  const words = new Uint32Array(list.n);
  const { codes, classes } = list;
  if (codes === null) {
    for (let k = 0; k < words.length; k++) words[k] = classes[k]! << 16;
  } else {
    for (let k = 0; k < words.length; k++) words[k] = codes[k]! | (classes[k]! << 16);
  }
  return words;
}

function unit([r, g, b]: Rgb): [number, number, number] {
  return [r / 255, g / 255, b / 255];
}
