import { expect, test } from "vitest";
import { HOME_CAMERA, projection } from "../lib/camera";
import type { View } from "./look";
import { type Pixels, Rasterizer } from "./rasterizer";
import { DEFAULT_STYLE, HIDDEN, HIGHLIGHTED, MISSING, type PointStyle, SELECTED } from "./renderer";

const view: View = { camera: { ...HOME_CAMERA }, cssWidth: 100, cssHeight: 60, pixelRatio: 1 };
const style: PointStyle = { ...DEFAULT_STYLE, pointSize: 2 };
const WHITE = [255, 255, 255];

function rasterOf(
  places: [number, number][],
  codes: number[] | null,
  palette: number[] = [200, 0, 0],
): Rasterizer {
  const raster = new Rasterizer();
  raster.scene.setPositions(
    Float32Array.from(places, (p) => p[0]),
    Float32Array.from(places, (p) => p[1]),
  );
  raster.scene.setColors(codes === null ? null : Uint16Array.from(codes), [10, 20, 30]);
  raster.scene.setPalette(Uint8Array.from(palette));
  return raster;
}

function pixel({ buffer, width, border }: Pixels, column: number, row: number): number[] {
  const at = (row + border) * (width + 2 * border) + column + border;
  return [...new Uint8Array(buffer, 4 * at, 3)];
}

function inked(pixels: Pixels): string[] {
  const found: string[] = [];
  for (let row = 0; row < pixels.height; row++) {
    for (let column = 0; column < pixels.width; column++) {
      if (String(pixel(pixels, column, row)) !== String(WHITE)) found.push(`${column},${row}`);
    }
  }
  return found;
}

test("a point lands on the pixels where the lasso's projection puts it", () => {
  const [px, py] = projection(view.camera, 100, 60).toScreen(0.2, 0.9).map(Math.round) as [number, number];
  const frame = rasterOf([[0.2, 0.9]], null).frame(view, style);
  expect(inked(frame)).toEqual([`${px - 1},${py - 1}`, `${px},${py - 1}`, `${px - 1},${py}`, `${px},${py}`]);
  expect(pixel(frame, px, py)).toEqual([10, 20, 30]);
});

test("large discs have a lighter rim, so that those that overlap can be told apart", () => {
  const close: [number, number][] = [
    [0.5, 0.5],
    [0.6, 0.5],
  ];
  const frame = rasterOf(close, null).frame(view, { ...style, pointSize: 12 });
  const row = Array.from({ length: 22 }, (_, column) => pixel(frame, 44 + column, 30)[0]!);
  const lighter = row.map((red, i) => red > 100 && row[i - 1] === 10); // after full color
  const gaps = lighter.filter((edge, i) => edge && row.slice(i).includes(10)).length;
  expect(gaps).toBe(1);
});

test("a disc covers the area of its circle, smoothly and centered", () => {
  for (const diameter of [2.5, 3.2, 4]) {
    const frame = rasterOf([[0.501, 0.497]], null).frame(view, { ...style, pointSize: diameter });
    let [area, sumX, sumY] = [0, 0, 0];
    for (let row = 0; row < 60; row++) {
      for (let column = 0; column < 100; column++) {
        const cover = (255 - pixel(frame, column, row)[0]!) / 245;
        area += cover;
        sumX += cover * (column + 0.5);
        sumY += cover * (row + 0.5);
      }
    }
    expect(area / (Math.PI * (diameter / 2) ** 2)).toBeCloseTo(1, 1);
    const [px, py] = projection(view.camera, 100, 60).toScreen(0.501, 0.497);
    expect(Math.abs(sumX / area - px)).toBeLessThan(0.1);
    expect(Math.abs(sumY / area - py)).toBeLessThan(0.1);
  }
});

test("points at and beyond the edges are cut, not wrapped round and not moved", () => {
  const camera = { x: 0.5, y: 0.5, zoom: 400 };
  const edge = projection(camera, 100, 60);
  const places = [
    [0, 30],
    [100, 30],
    [-1, 10],
    [101, 50],
    [50, 0],
    [50, 60],
    [-40, 30],
    [50, 99],
    [-1e5, 1e5],
  ].map(([px, py]) => edge.toData(px!, py!));
  const frame = rasterOf(places, null).frame({ ...view, camera }, { ...style, pointSize: 9 });
  for (const place of inked(frame)) {
    const [column, row] = place.split(",").map(Number) as [number, number];
    const distances = places.map(([x, y]) => {
      const [px, py] = edge.toScreen(x, y);
      return Math.hypot(column + 0.5 - px, row + 0.5 - py);
    });
    expect(Math.min(...distances)).toBeLessThan(5.3);
  }
  expect(pixel(frame, 0, 30)).toEqual([10, 20, 30]);
  expect(pixel(frame, 99, 30)).toEqual([10, 20, 30]);
  expect(pixel(frame, 0, 10)).toEqual([10, 20, 30]); // its center is off the screen
  expect(pixel(frame, 99, 50)).toEqual([10, 20, 30]);
});

test("categories take their palette's colors, missing ones the style's", () => {
  const raster = rasterOf([[0.1, 0.5], [0.5, 0.5], [0.9, 0.5]], [1, 0, MISSING], [9, 9, 9, 1, 2, 3]); // biome-ignore format: points
  const frame = raster.frame(view, style);
  const at = (x: number) =>
    pixel(frame, ...(projection(view.camera, 100, 60).toScreen(x, 0.5).map(Math.floor) as [number, number]));
  expect([at(0.1), at(0.5), at(0.9)]).toEqual([[1, 2, 3], [9, 9, 9], [...style.missing]]); // biome-ignore format: colors
});

test("a ramp stretches the palette over its codes; beyond its ends the end colors stay", () => {
  const palette = Array.from({ length: 11 }, (_, i) => [i, i, i]).flat();
  const color = (code: number, low: number, high: number) => {
    const raster = rasterOf([[0.5, 0.5]], [code], palette);
    raster.scene.setRamp({ low, high });
    return pixel(raster.frame(view, style), 50, 30)[0];
  };
  expect([0, 100, 150, 200, 65534].map((code) => color(code, 100, 200))).toEqual([0, 0, 5, 10, 10]);
  expect([4, 5, 6].map((code) => color(code, 5, 5))).toEqual([0, 10, 10]); // an empty range is a step
  expect(color(0, -100, 100)).toBe(5);
});

test("a new ramp or palette shows without new codes", () => {
  const raster = rasterOf([[0.5, 0.5]], [30], [0, 0, 0, 50, 50, 50]);
  raster.scene.setRamp({ low: 0, high: 40 });
  const before = pixel(raster.frame(view, style), 50, 30)[0];
  raster.scene.setRamp({ low: 0, high: 100 });
  const after = pixel(raster.frame(view, style), 50, 30)[0];
  raster.scene.setPalette(Uint8Array.of(7, 7, 7, 8, 8, 8));
  expect([before, after, pixel(raster.frame(view, style), 50, 30)[0]]).toEqual([50, 0, 7]);
});

test("hidden points are not drawn; context is mixed with the background and beneath the selected", () => {
  const raster = rasterOf([[0.2, 0.5], [0.5, 0.5], [0.5, 0.5]], null); // biome-ignore format: points
  raster.scene.setState(Uint8Array.of(HIDDEN, 0, 0));
  const context = raster.frame(view, { ...style, contextOpacity: 0.5 });
  expect(pixel(context, 50, 30)).toEqual([133, 138, 143].map((c) => expect.closeTo(c, -0.5)));
  expect(inked(context)).toHaveLength(1); // smaller, and the two on one place do not add up
  raster.scene.setState(Uint8Array.of(HIDDEN, SELECTED, 0));
  expect(pixel(raster.frame(view, style), 50, 30)).toEqual([10, 20, 30]);
});

test("a highlighted point stands on a halo above its neighbors", () => {
  const raster = rasterOf([[0.5, 0.5], [0.52, 0.5]], [0, 1], [200, 0, 0, 0, 0, 200]); // biome-ignore format: points
  raster.scene.setState(Uint8Array.of(SELECTED | HIGHLIGHTED, SELECTED));
  const frame = raster.frame(view, { ...style, pointSize: 6 });
  expect(pixel(frame, 50, 30)).toEqual([200, 0, 0]);
  expect(pixel(frame, 55, 30)).toEqual(WHITE); // the other point's pixel without the halo
});

test("translucent points add up where they overlap", () => {
  const raster = rasterOf([[0.5, 0.5], [0.5, 0.5], [0.2, 0.5]], null); // biome-ignore format: points
  const frame = raster.frame(view, { ...style, opacity: 0.5 });
  const [px] = projection(view.camera, 100, 60).toScreen(0.2, 0.5).map(Math.floor) as [number];
  expect(Math.abs(pixel(frame, px, 30)[0]! - 132)).toBeLessThan(3);
  expect(Math.abs(pixel(frame, 50, 30)[0]! - 71)).toBeLessThan(3);
});

test("a buffer is used again, leaves no trace, and is not when the size has changed", () => {
  const raster = rasterOf([[0.5, 0.5]], null);
  const first = raster.frame(view, style);
  const moved = { ...view, camera: { x: 0.9, y: 0.5, zoom: 1 } };
  const second = raster.frame(moved, style, first.buffer);
  expect(second.buffer).toBe(first.buffer);
  expect(pixel(second, 50, 30)).toEqual(WHITE);
  expect(raster.frame({ ...view, cssWidth: 101 }, style, second.buffer).buffer).not.toBe(first.buffer);
});

test("nothing to draw, and a window without size, are no errors", () => {
  expect(inked(new Rasterizer().frame(view, style))).toEqual([]);
  const none = rasterOf([[0.5, 0.5]], [MISSING], []); // a column without a single category
  expect(inked(none.frame(view, style))).toHaveLength(4);
  expect(rasterOf([[0.5, 0.5]], null).frame({ ...view, cssWidth: 0 }, style).width).toBe(1);
});
