// @vitest-environment jsdom
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { HOME_CAMERA } from "../lib/camera";
import { createRenderer, DEFAULT_STYLE } from "./index";

beforeEach(() => {
  vi.spyOn(HTMLCanvasElement.prototype, "getContext").mockReturnValue(null);
});

afterEach(() => {
  vi.restoreAllMocks();
});

test.each([undefined, "webgl2", "cpu"] as const)(
  "without WebGL, workers and 2D drawing the renderer still takes all calls (force: %s)",
  async (force) => {
    const renderer = createRenderer(document.createElement("canvas"), { force });
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
  },
);
