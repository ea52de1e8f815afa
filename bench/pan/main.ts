// Pan frame times in this browser: our renderers against a bare draw of the same points.

import { CpuRenderer } from "../../viewer/src/gpu/cpu";
import { openContext, softwareGl } from "../../viewer/src/gpu/device";
import type { View } from "../../viewer/src/gpu/look";
import { Rasterizer } from "../../viewer/src/gpu/rasterizer";
import { DEFAULT_STYLE, type PointRenderer, type PointStyle } from "../../viewer/src/gpu/renderer";
import { OwnSurface } from "../../viewer/src/gpu/surface";
import { WebglRenderer } from "../../viewer/src/gpu/webgl";
import { categoryColors } from "../../viewer/src/lib/palettes";
import { bareDraw } from "./bare";
import { makePoints, type Points } from "./points";

export interface PanOptions {
  n: number;
  frames: number;
  renderer: "webgl2" | "cpu";
  pointSize?: number | "auto"; // CSS pixels
}

interface Times {
  median: number; // milliseconds per frame
  min: number;
  p95: number;
}

const CSS_WIDTH = 1000;
const CSS_HEIGHT = 800;

declare global {
  interface Window {
    panBench(options: PanOptions): Promise<Record<string, Times | number | string | boolean>>;
  }
}

window.panBench = async ({ n, frames, renderer, pointSize = 2 }) => {
  const points = makePoints(n);
  const style = { ...DEFAULT_STYLE, pointSize };
  const times = renderer === "webgl2" ? benchWebgl(points, frames, style) : await benchCpu(points, frames, style);
  return { n, frames, renderer, pointSize, pixelRatio: devicePixelRatio, ...times };
};

/** Ours and the bare draw in turn, so that whatever else the machine does falls on both. */
function benchWebgl(points: Points, frames: number, style: PointStyle) {
  const canvas = newCanvas();
  const gl = openContext(canvas);
  if (gl === null) throw new Error("This browser has no WebGL2.");
  const ours = new WebglRenderer(new OwnSurface(canvas, gl));
  fill(ours, points, style);
  const size = style.pointSize === "auto" ? 2 : style.pointSize;
  const bare = bareDraw(newCanvas(), points, size * devicePixelRatio);
  const oursTimes: number[] = [];
  const bareTimes: number[] = [];
  const recolorTimes: number[] = [];
  const uploadTimes: number[] = [];
  const words = new Uint32Array(points.codes.length);
  const others = points.codes.map((code) => (code + 1) % points.categories);
  for (let frame = -2; frame < frames; frame++) {
    const view = viewAt(frame, frames);
    const oursTime = timed(gl, () => {
      ours.draw(view.camera);
      ours.render();
    });
    const bareTime = timed(bare.gl, () => bare.draw(view));
    const recolorTime = timed(gl, () => {
      ours.setColors(frame % 2 === 0 ? others : points.codes, [0, 0, 0]);
      ours.draw(view.camera);
      ours.render();
    });
    const uploadTime = timed(bare.gl, () => bare.upload(words, view));
    if (frame < 0) continue; // uploads, compilation
    oursTimes.push(oursTime);
    bareTimes.push(bareTime);
    recolorTimes.push(recolorTime);
    uploadTimes.push(uploadTime);
  }
  ours.dispose();
  const [webgl2, bareSummary] = [summary(oursTimes), summary(bareTimes)];
  const [recolor, upload] = [summary(recolorTimes), summary(uploadTimes)];
  return {
    webgl2,
    bare: bareSummary,
    ratio: webgl2.median / bareSummary.median,
    recolor, // new codes until the frame is finished
    upload, // the same bytes and a bare draw
    recolorRatio: recolor.median / upload.median,
    softwareGl: softwareGl(gl),
  };
}

/** The rasteriser alone, and all from `draw` until the frame is on the canvas, through the worker. */
async function benchCpu(points: Points, frames: number, style: PointStyle) {
  const raster = new Rasterizer();
  fillScene(raster.scene, points);
  let buffer: ArrayBuffer | undefined;
  const rasterTimes: number[] = [];
  for (let frame = -5; frame < frames; frame++) {
    const start = performance.now();
    buffer = raster.frame(viewAt(frame, frames), style, buffer).buffer;
    if (frame >= 0) rasterTimes.push(performance.now() - start);
  }
  const shown = new CpuRenderer(newCanvas());
  fill(shown, points, style);
  const shownTimes: number[] = [];
  for (let frame = -5; frame < frames; frame++) {
    const start = performance.now();
    shown.draw(viewAt(frame, frames).camera);
    await shown.settled();
    if (frame >= 0) shownTimes.push(performance.now() - start);
  }
  shown.dispose();
  return { cpu: summary(rasterTimes), cpuShown: summary(shownTimes) };
}

function fill(renderer: PointRenderer, points: Points, style: PointStyle): void {
  renderer.setStyle(style);
  renderer.resize(CSS_WIDTH, CSS_HEIGHT, devicePixelRatio);
  fillScene(renderer, points);
}

type Setters = Pick<PointRenderer, "setPositions" | "setColors" | "setPalette">;

function fillScene(scene: Setters, points: Points): void {
  scene.setPositions(points.x, points.y);
  scene.setColors(points.codes, [0, 0, 0]);
  scene.setPalette(categoryColors(points.categories));
}

function viewAt(frame: number, frames: number): View {
  const angle = (2 * Math.PI * frame) / frames;
  const camera = { x: 0.5 + 0.1 * Math.cos(angle), y: 0.5 + 0.1 * Math.sin(angle), zoom: 1 };
  return { camera, cssWidth: CSS_WIDTH, cssHeight: CSS_HEIGHT, pixelRatio: devicePixelRatio };
}

/** Milliseconds until the frame is finished: reading a pixel back waits for it. */
function timed(gl: WebGL2RenderingContext, draw: () => void): number {
  const start = performance.now();
  draw();
  gl.readPixels(0, 0, 1, 1, gl.RGBA, gl.UNSIGNED_BYTE, new Uint8Array(4));
  return performance.now() - start;
}

function summary(times: number[]): Times {
  const sorted = times.toSorted((a, b) => a - b);
  const at = (q: number) => sorted[Math.floor(q * (sorted.length - 1))] ?? Number.NaN;
  return { median: at(0.5), min: at(0), p95: at(0.95) };
}

function newCanvas(): HTMLCanvasElement {
  const canvas = document.createElement("canvas");
  canvas.style.cssText = `width: ${CSS_WIDTH}px; height: ${CSS_HEIGHT}px; display: block`;
  document.body.append(canvas);
  return canvas;
}
