import { expect, test } from "vitest";
import { HOME_CAMERA } from "../lib/camera";
import type { View } from "./look";
import { type Pixels, Rasterizer } from "./rasterizer";
import { type Backdrop, DEFAULT_STYLE } from "./renderer";

const view: View = { camera: { ...HOME_CAMERA }, cssWidth: 100, cssHeight: 100, pixelRatio: 1 };
const BOX = { left: 0, bottom: 0, right: 1, top: 1 };

/** Red on the top left, green on the top right, blue beneath. */
function quarters(size: number): Backdrop {
  const pixels = new Uint8ClampedArray(4 * size * size);
  for (let row = 0; row < size; row++) {
    for (let column = 0; column < size; column++) {
      const color = row >= size / 2 ? [0, 0, 255] : column < size / 2 ? [255, 0, 0] : [0, 255, 0];
      pixels.set([...color, 255], 4 * (row * size + column));
    }
  }
  return { width: size, height: size, pixels, box: BOX };
}

function drawn(backdrop: Backdrop | null, backdropOpacity = 1, camera = view.camera): Pixels {
  const raster = new Rasterizer();
  raster.scene.setBackdrop(backdrop);
  return raster.frame({ ...view, camera }, { ...DEFAULT_STYLE, backdropOpacity });
}

function pixel({ buffer, width, border }: Pixels, column: number, row: number): number[] {
  const at = (row + border) * (width + 2 * border) + column + border;
  return [...new Uint8Array(buffer, 4 * at, 4)];
}

// the unit square lies within a margin of 5 pixels
test.each([4, 1000])("a picture of %i pixels lies where its box is, the first row on top", (size) => {
  const frame = drawn(quarters(size));
  expect(pixel(frame, 2, 2)).toEqual([255, 255, 255, 255]);
  expect(pixel(frame, 10, 10)).toEqual([255, 0, 0, 255]);
  expect(pixel(frame, 90, 10)).toEqual([0, 255, 0, 255]);
  expect(pixel(frame, 50, 90)).toEqual([0, 0, 255, 255]);
  expect(pixel(frame, 97, 97)).toEqual([255, 255, 255, 255]);
});

test("opacity mixes it with the background; none shows nothing of it", () => {
  expect(pixel(drawn(quarters(4), 0.5), 10, 10)).toEqual([255, 128, 128, 255]);
  expect(pixel(drawn(quarters(4), 0), 10, 10)).toEqual([255, 255, 255, 255]);
});

test("what is transparent in the picture shows the background", () => {
  const backdrop = quarters(4);
  for (let i = 3; i < backdrop.pixels.length; i += 4) backdrop.pixels[i] = 0;
  expect(pixel(drawn(backdrop), 10, 10)).toEqual([255, 255, 255, 255]);
});

test("it moves with the camera, also when most of it is off the screen", () => {
  const frame = drawn(quarters(1000), 1, { x: 0.75, y: 0.25, zoom: 8 });
  expect(pixel(frame, 0, 0)).toEqual([0, 0, 255, 255]);
  expect(pixel(frame, 99, 99)).toEqual([0, 0, 255, 255]);
});
