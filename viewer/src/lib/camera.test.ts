import { expect, test } from "vitest";
import { HOME_CAMERA, MAX_ZOOM, MIN_ZOOM, panBy, projection, zoomAt } from "./camera";

test("home shows the whole unit square, centered, y upwards, with a margin", () => {
  const { toScreen } = projection(HOME_CAMERA, 1000, 600);
  expect(toScreen(0.5, 0.5)).toEqual([500, 300]);
  expect(toScreen(0, 1)).toEqual([500 - 270, 30]); // top left corner of the data
  expect(toScreen(1, 0)).toEqual([500 + 270, 570]);
});

test("toData undoes toScreen at any camera", () => {
  const view = projection({ x: 0.2, y: 0.9, zoom: 37 }, 701, 449);
  const [x, y] = view.toData(...view.toScreen(0.31, 0.77));
  expect(x).toBeCloseTo(0.31, 12);
  expect(y).toBeCloseTo(0.77, 12);
});

test("zoomAt keeps what is under the pointer", () => {
  const before = projection(HOME_CAMERA, 800, 600).toData(300, 200);
  const camera = zoomAt(HOME_CAMERA, 300, 200, 8, 800, 600);
  expect(camera.zoom).toBe(8);
  const [px, py] = projection(camera, 800, 600).toScreen(...before);
  expect(px).toBeCloseTo(300, 9);
  expect(py).toBeCloseTo(200, 9);
});

test("zoom stays within its bounds, and at a bound the plot does not drift", () => {
  expect(zoomAt(HOME_CAMERA, 0, 0, 1e-9, 800, 600).zoom).toBe(MIN_ZOOM);
  const closest = zoomAt(HOME_CAMERA, 400, 300, 1e9, 800, 600);
  expect(closest.zoom).toBe(MAX_ZOOM);
  expect(zoomAt(closest, 10, 10, 2, 800, 600)).toEqual(closest);
});

test("panBy moves the data with the pointer", () => {
  const camera = panBy({ x: 0.5, y: 0.5, zoom: 4 }, 30, -12, 800, 600);
  const [px, py] = projection(camera, 800, 600).toScreen(0.5, 0.5);
  expect([px, py].map(Math.round)).toEqual([430, 288]);
});

test("the data cannot be lost by panning", () => {
  const { x, y } = panBy(HOME_CAMERA, -1e9, 1e9, 800, 600);
  expect([x, y]).toEqual([1.5, 1.5]);
});

test("a canvas without size gives finite numbers", () => {
  expect(projection(HOME_CAMERA, 0, 0).toData(5, 5).every(Number.isFinite)).toBe(true);
});
