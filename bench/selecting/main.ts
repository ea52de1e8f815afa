// How long a brush and a lasso take, from the filter until the new counts and points are there: the viewer's own
// counting worker, and the points' classes made ready for drawing.

import { type CountingResult, createCounting } from "../../viewer/src/data/counting";
import CountingWorker from "../../viewer/src/data/counting.worker?worker&inline";
import type { ResolvedFilter } from "../../viewer/src/data/crossfilter";
import { Scene } from "../../viewer/src/gpu/scene";
import { makePoints } from "../pan/points";

declare global {
  interface Window {
    selectingBench(options: { n: number; columns: number; moves: number }): Promise<Record<string, number>>;
  }
}

window.selectingBench = async ({ n, columns, moves }) => {
  const { x, y } = makePoints(n);
  let arrived: (result: CountingResult) => void = () => {};
  const counting = createCounting(n, (result) => arrived(result), () => new CountingWorker());
  const counted = (filters: ResolvedFilter[]) =>
    new Promise<CountingResult>((resolve) => {
      arrived = (result) => !counting.busy && resolve(result);
      counting.setFilters(filters);
    });
  addColumns(n, columns, (key, column) => counting.addColumn(key, column));
  counting.addColumn("layout/umap", { kind: "embedding", x, y, missing: 0 });
  const scene = new Scene();
  scene.setPositions(x, y);
  await counted([]);
  scene.drawList();

  const brush: number[] = [];
  for (let move = -3; move < moves; move++) {
    const max = 0.5 + 0.02 * ((move + 3) % 10);
    const range: ResolvedFilter = { subject: "brush", id: `${max}`, kind: "range", key: "obs/0", min: 0.2, max };
    const start = performance.now();
    await counted([range]);
    if (move >= 0) brush.push(performance.now() - start);
  }
  await counted([]);
  const lasso: number[] = [];
  const shown: number[] = [];
  for (let turn = -1; turn < 7; turn++) {
    const points = circle(0.5 + 0.001 * turn, 0.5, halfRadius(x, y));
    const steps = [{ mode: "replace" as const, shape: "lasso" as const, points }];
    const start = performance.now();
    const result = await counted([
      { subject: "lasso", id: `${turn}`, kind: "region", key: "layout/umap", steps },
    ]);
    const found = performance.now();
    scene.setState(result.selected);
    scene.drawList();
    if (turn >= 0) {
      lasso.push(found - start);
      shown.push(performance.now() - start);
    }
    await counted([]);
  }
  counting.dispose();
  return { brush: median(brush), lasso: median(lasso), shown: median(shown) };
};

type Add = Parameters<ReturnType<typeof createCounting>["addColumn"]>;

function addColumns(n: number, columns: number, add: (...args: Add) => void): void {
  for (let c = 0; c < columns; c++) {
    if (c % 2 === 0) {
      const values = Float32Array.from({ length: n }, () => Math.random());
      add(`obs/${c}`, { kind: "continuous", values, min: 0, max: 1, missing: 0, integer: false });
    } else {
      const codes = Int8Array.from({ length: n }, () => Math.floor(30 * Math.random()));
      const categories = Array.from({ length: 30 }, (_, i) => String(i));
      add(`obs/${c}`, { kind: "categorical", codes, categories, missing: 0 });
    }
  }
}

/** Around the middle, with about half of the points in it. */
function halfRadius(x: Float32Array, y: Float32Array): number {
  const far = Float32Array.from(x, (value, i) => Math.hypot(value - 0.5, y[i]! - 0.5)).sort();
  return far[far.length >> 1]!;
}

const circle = (x: number, y: number, radius: number): [number, number][] =>
  Array.from({ length: 200 }, (_, i) => {
    const angle = (2 * Math.PI * i) / 200;
    return [x + radius * Math.cos(angle), y + radius * Math.sin(angle)];
  });

const median = (times: number[]): number => times.toSorted((a, b) => a - b)[times.length >> 1]!;
