// The least that draws the same points: one attribute buffer, one color, gl.POINTS. The measure of ours.

import { makeProgram, openContext } from "../../viewer/src/gpu/device";
import { deviceView, type View } from "../../viewer/src/gpu/look";
import type { Points } from "./points";

const VERTEX = `#version 300 es
layout(location = 0) in vec2 place;
uniform vec4 view;
uniform float size;
void main() {
  gl_Position = vec4(place * view.xy + view.zw, 0.0, 1.0);
  gl_PointSize = size;
}`;

const FRAGMENT = `#version 300 es
precision mediump float;
out vec4 color;
void main() { color = vec4(0.12, 0.47, 0.71, 1.0); }`;

/** Functions that draw one frame, and the context that they draw in. */
export function bareDraw(canvas: HTMLCanvasElement, points: Points, size: number) {
  const gl = openContext(canvas);
  if (gl === null) throw new Error("This browser has no WebGL2: there is nothing to compare with.");
  const program = makeProgram(gl, VERTEX, FRAGMENT);
  gl.useProgram(program);
  gl.bindBuffer(gl.ARRAY_BUFFER, gl.createBuffer());
  const xy = Float32Array.from({ length: 2 * points.x.length }, (_, k) => (k & 1 ? points.y : points.x)[k >> 1]!);
  gl.bufferData(gl.ARRAY_BUFFER, xy, gl.STATIC_DRAW);
  gl.enableVertexAttribArray(0);
  gl.vertexAttribPointer(0, 2, gl.FLOAT, false, 8, 0);
  gl.uniform1f(gl.getUniformLocation(program, "size"), size);
  gl.clearColor(1, 1, 1, 1);
  const uniform = gl.getUniformLocation(program, "view");
  const draw = (view: View) => {
    const { width, height, scale, left, top } = deviceView(view);
    canvas.width === width || (canvas.width = width);
    canvas.height === height || (canvas.height = height);
    gl.viewport(0, 0, width, height);
    gl.clear(gl.COLOR_BUFFER_BIT);
    const shift = [(2 * left) / width - 1, 1 - (2 * top) / height] as const;
    gl.uniform4f(uniform, (2 * scale) / width, (2 * scale) / height, ...shift);
    gl.drawArrays(gl.POINTS, 0, points.x.length);
  };
  const ink = gl.createBuffer();
  /** Brings as many bytes to the GPU as a new color of every point takes, and draws. */
  const upload = (words: Uint32Array, view: View) => {
    gl.bindBuffer(gl.ARRAY_BUFFER, ink);
    gl.bufferData(gl.ARRAY_BUFFER, words, gl.DYNAMIC_DRAW);
    draw(view);
  };
  return { gl, draw, upload };
}
