// The picture beneath the points, by WebGL2.

import fragmentSource from "./backdrop.frag.glsl?raw";
import vertexSource from "./backdrop.vert.glsl?raw";
import { makeProgram } from "./device";
import type { DeviceView } from "./look";
import type { Backdrop } from "./renderer";

export class BackdropPass {
  private readonly program: WebGLProgram;
  private readonly texture: WebGLTexture;
  private readonly box: WebGLUniformLocation | null;
  private readonly opacity: WebGLUniformLocation | null;
  private uploaded: Backdrop | null = null;

  constructor(private readonly gl: WebGL2RenderingContext) {
    this.program = makeProgram(gl, vertexSource, fragmentSource);
    this.box = gl.getUniformLocation(this.program, "u_box");
    this.opacity = gl.getUniformLocation(this.program, "u_opacity");
    this.texture = gl.createTexture();
  }

  draw(backdrop: Backdrop, view: DeviceView, opacity: number): void {
    const { gl } = this;
    // biome-ignore lint/correctness/useHookAtTopLevel: WebGL's method, not a React hook
    gl.useProgram(this.program);
    gl.bindTexture(gl.TEXTURE_2D, this.texture);
    if (backdrop !== this.uploaded) this.upload(backdrop);
    const { left, bottom, right, top } = backdrop.box;
    const scale = [(2 * view.scale) / view.width, (2 * view.scale) / view.height] as const;
    const x = (2 * (left * view.scale + view.left)) / view.width - 1;
    const y = 1 - (2 * (view.top - bottom * view.scale)) / view.height;
    gl.viewport(0, 0, view.width, view.height);
    gl.uniform4f(this.box, x, y, (right - left) * scale[0], (top - bottom) * scale[1]);
    gl.uniform1f(this.opacity, opacity);
    gl.enable(gl.BLEND);
    gl.blendFunc(gl.ONE, gl.ONE_MINUS_SRC_ALPHA);
    gl.drawArrays(gl.TRIANGLE_STRIP, 0, 4);
  }

  dispose(): void {
    this.gl.deleteTexture(this.texture);
    this.gl.deleteProgram(this.program);
  }

  private upload(backdrop: Backdrop): void {
    const { gl } = this;
    const { width, height, pixels } = backdrop;
    gl.texImage2D(
      gl.TEXTURE_2D,
      0,
      gl.RGBA8,
      width,
      height,
      0,
      gl.RGBA,
      gl.UNSIGNED_BYTE,
      new Uint8Array(pixels.buffer, pixels.byteOffset, pixels.byteLength),
    );
    gl.generateMipmap(gl.TEXTURE_2D);
    gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_MIN_FILTER, gl.LINEAR_MIPMAP_LINEAR);
    gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_MAG_FILTER, gl.LINEAR);
    gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_WRAP_S, gl.CLAMP_TO_EDGE);
    gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_WRAP_T, gl.CLAMP_TO_EDGE);
    this.uploaded = backdrop;
  }
}
