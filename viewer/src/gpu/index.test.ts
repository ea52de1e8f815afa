// @vitest-environment jsdom
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { HOME_CAMERA } from "../lib/camera";
import { DEFAULT_STYLE, firstRenderer, gpuRenderer } from "./index";

beforeEach(() => {
  vi.spyOn(HTMLCanvasElement.prototype, "getContext").mockReturnValue(null);
});

afterEach(() => {
  vi.restoreAllMocks();
});

test("without WebGL, workers and 2D drawing the renderer still takes all calls", async () => {
  const renderer = firstRenderer(document.createElement("canvas"));
  expect(renderer.kind).toBe("cpu");
  renderer.setStyle(DEFAULT_STYLE);
  renderer.setPositions(Float32Array.of(0.5), Float32Array.of(0.5));
  renderer.setColors(Uint16Array.of(0), [0, 0, 0]);
  renderer.setState(Uint8Array.of(1));
  renderer.resize(100, 100, 1);
  renderer.draw(HOME_CAMERA);
  await renderer.settled();
  const picture = await renderer.picture(HOME_CAMERA, 50, 50, 2, DEFAULT_STYLE);
  expect(picture).toBeInstanceOf(HTMLCanvasElement);
  renderer.dispose();
});

test("without WebGL there is no better one", async () => {
  expect(await gpuRenderer(document.createElement("canvas"))).toBeNull();
});
