import { expect, test } from "vitest";
import { projection } from "../lib/camera";
import { autoSize, deviceView, layers, type View } from "./look";
import { DEFAULT_STYLE } from "./renderer";
import { CONTEXT_CLASS, HIGHLIGHTED_CLASS, SELECTED_CLASS } from "./scene";

const view: View = { camera: { x: 0.3, y: 0.8, zoom: 2.5 }, cssWidth: 700, cssHeight: 450, pixelRatio: 2 };

test("the renderers and the lasso agree where a point is", () => {
  const { scale, left, top } = deviceView(view);
  const [px, py] = projection(view.camera, 700, 450).toScreen(0.41, 0.66);
  expect(0.41 * scale + left).toBeCloseTo(2 * px, 9);
  expect(top - 0.66 * scale).toBeCloseTo(2 * py, 9);
});

test("sizes: sparse plots get large points, dense ones small, never beyond their bounds", () => {
  const [few, some, many, millions] = [70, 2700, 100_000, 1e7].map((n) => autoSize(n, 700));
  expect(few).toBeGreaterThan(some!);
  expect(some).toBeGreaterThan(4);
  expect(many).toBeLessThan(3);
  expect(millions).toBe(1);
  expect(autoSize(0, 1e9)).toBeLessThanOrEqual(14);
});

test("hidden points make the others larger", () => {
  const sizeWith = (hidden: number) => layers([0, 1000 - hidden, 0, hidden], view, DEFAULT_STYLE)[0]!.size;
  expect(sizeWith(900)).toBeGreaterThan(sizeWith(0));
});

test("context lies beneath, smaller and fainter; highlighted points on top, larger, on a halo", () => {
  const style = { ...DEFAULT_STYLE, pointSize: 8, contextOpacity: 0.25, opacity: 0.9 };
  const list = layers([5, 5, 5, 0], view, style);
  expect(list.map((layer) => [layer.drawn, layer.flat])).toEqual([
    [CONTEXT_CLASS, null],
    [SELECTED_CLASS, null],
    [HIGHLIGHTED_CLASS, "background"],
    [HIGHLIGHTED_CLASS, null],
  ]);
  const [context, selected, halo, highlighted] = list.map((layer) => layer.size) as [
    number,
    number,
    number,
    number,
  ];
  expect(selected).toBe(16); // device pixels
  expect(context).toBeLessThan(selected);
  expect(highlighted).toBeGreaterThan(selected);
  expect(halo).toBeGreaterThan(highlighted);
  expect(list[0]).toMatchObject({ fade: 0.75, alpha: 1 });
  expect(list[1]).toMatchObject({ fade: 0, alpha: 0.9 });
});

test("only classes that have points are drawn", () => {
  expect(layers([0, 3, 0, 9], view, DEFAULT_STYLE)).toHaveLength(1);
  expect(layers([0, 0, 0, 9], view, DEFAULT_STYLE)).toHaveLength(0);
});

test("up to two device pixels points are squares of whole pixels", () => {
  const layerOf = (pointSize: number) => layers([0, 1, 0, 0], view, { ...DEFAULT_STYLE, pointSize })[0]!;
  expect(layerOf(0.2)).toMatchObject({ shape: "square", size: 1 });
  expect(layerOf(0.9)).toMatchObject({ shape: "square", size: 2 });
  expect(layerOf(1.1)).toMatchObject({ shape: "disc", size: 2.2 });
  expect(layerOf(1e6).size).toBeLessThan(64); // what every GPU can draw
});
