import { expect, test } from "vitest";
import { HIDDEN, HIGHLIGHTED, SELECTED } from "./renderer";
import { Scene } from "./scene";

function sceneOf(x: number[], codes: number[] | null = null): Scene {
  const scene = new Scene();
  scene.setPositions(
    Float32Array.from(x),
    Float32Array.from(x, () => 0.5),
  );
  scene.setColors(codes === null ? null : Uint16Array.from(codes), [0, 0, 0]);
  return scene;
}

test("places, codes and classes stay together, whatever the order", () => {
  const x = Array.from({ length: 200 }, (_, i) => i / 200);
  const scene = sceneOf(
    x,
    x.map((_, i) => (i * 37) % 200),
  );
  scene.setState(Uint8Array.from(x, (_, i) => (i % 3 === 0 ? SELECTED : 0)));
  for (const mode of ["random", "value", "random"] as const) {
    scene.setOrder(mode);
    const list = scene.drawList();
    for (let k = 0; k < list.n; k++) {
      const i = Math.round(list.xy[2 * k]! * 200);
      expect(list.codes![k]).toBe((i * 37) % 200);
      expect(list.classes[k]).toBe(i % 3 === 0 ? 1 : 0);
    }
  }
});

test("points without a place are left out, of counts too", () => {
  const list = sceneOf([0.1, Number.NaN, 0.3, Number.POSITIVE_INFINITY]).drawList();
  expect(list.n).toBe(2);
  expect([...list.counts]).toEqual([0, 2, 0, 0]);
});

test("without a state all points are selected; bits rank hidden, highlighted, selected", () => {
  const scene = sceneOf([0.1, 0.2, 0.3, 0.4, 0.5]);
  expect([...scene.drawList().counts]).toEqual([0, 5, 0, 0]);
  scene.setState(Uint8Array.of(0, SELECTED, SELECTED | HIGHLIGHTED, HIGHLIGHTED | HIDDEN, HIGHLIGHTED));
  expect([...scene.drawList().counts]).toEqual([1, 1, 2, 1]);
});

test("only what was changed is made anew", () => {
  const scene = sceneOf([0.1, 0.2, 0.3], [0, 1, 2]);
  const first = scene.drawList();
  expect(scene.drawList()).toBe(first);
  scene.setState(Uint8Array.of(1, 0, 1));
  const second = scene.drawList();
  expect([second.xy, second.codes]).toEqual([first.xy, first.codes]);
  expect(second.xyVersion).toBe(first.xyVersion);
  expect(second.classesVersion).toBeGreaterThan(first.classesVersion);
  scene.setPalette(Uint8Array.of(1, 2, 3));
  expect(scene.drawList()).toBe(second);
});

test("the caller may write into its arrays afterwards", () => {
  const x = Float32Array.of(0.25);
  const scene = new Scene();
  scene.setPositions(x, x);
  x[0] = 0.75;
  expect(scene.drawList().xy[0]).toBe(0.25);
});

test("codes and state of another number of points wait for theirs", () => {
  const scene = sceneOf([0.1, 0.2], [4, 5]);
  scene.setPositions(new Float32Array(3), new Float32Array(3));
  const list = scene.drawList();
  expect([list.n, list.codes]).toEqual([3, null]);
});
