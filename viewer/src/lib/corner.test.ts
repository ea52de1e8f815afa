import { expect, test } from "vitest";
import { HOME_CAMERA, projection } from "./camera";
import { emptierSide } from "./corner";

const PLOT = { width: 400, height: 400 };
const BOX = { width: 180, height: 60 };
const HOME = projection(HOME_CAMERA, PLOT.width, PLOT.height);

const side = (...points: [number, number][]) =>
  emptierSide(
    Float32Array.from(points, ([x]) => x),
    Float32Array.from(points, ([, y]) => y),
    HOME,
    PLOT,
    BOX,
  );

test("left where nothing would be covered", () => {
  expect(side()).toBe("left");
  expect(side([0.1, 0.9], [0.5, 0.5])).toBe("left");
});

test("away from the points in a corner", () => {
  expect(side([0.1, 0.02])).toBe("right");
  expect(side([0.9, 0.02])).toBe("left");
  expect(side([0.1, 0.02], [0.9, 0.02], [0.95, 0.05])).toBe("left");
});

test("points above the box, and points without a place, do not matter", () => {
  expect(side([0.1, 0.4])).toBe("left");
  expect(side([0.1, Number.NaN], [Number.NaN, 0.02])).toBe("left");
});
