import { expect, test } from "vitest";
import { HOME_CAMERA } from "../lib/camera";
import type { View } from "./look";
import { RasterHost } from "./rasterHost";
import type { FromWorker, ToWorker } from "./rasterMessages";
import { RasterScenes } from "./rasterScenes";
import { DEFAULT_STYLE } from "./renderer";

const view: View = { camera: { ...HOME_CAMERA }, cssWidth: 40, cssHeight: 40, pixelRatio: 1 };

/** The worker's half, run by hand: a real rasteriser behind messages that are copied as between threads. */
class HandWorker {
  onmessage: ((event: { data: FromWorker }) => void) | null = null;
  onerror: ((event: Event) => void) | null = null;
  terminated = false;
  readonly inbox: ToWorker[] = [];
  private readonly scenes = new RasterScenes();

  postMessage(message: ToWorker, transfer: Transferable[]): void {
    this.inbox.push(structuredClone(message, { transfer }));
  }

  ready(): void {
    this.onmessage!({ data: { id: "ready" } });
  }

  work(): void {
    for (const message of this.inbox.splice(0)) {
      const frame = this.scenes.hear(message);
      if (frame) this.onmessage!({ data: frame });
    }
  }

  terminate(): void {
    this.terminated = true;
  }
}

const SCENE = 1; // the first that a host gives

function onePoint(host: RasterHost, scene = host.open()): Float32Array {
  const half = Float32Array.of(0.5);
  host.change(scene, { set: "setPositions", to: [half, half] });
  host.change(scene, { set: "setColors", to: [null, [1, 2, 3]] });
  return half;
}

async function centerOf(frame: ReturnType<RasterHost["frame"]>): Promise<number[]> {
  const { buffer, width, border } = (await frame)!;
  const at = (20 + border) * (width + 2 * border) + 20 + border;
  return [...new Uint8Array(buffer, 4 * at, 3)];
}

test("what is said before the worker runs is said when it does, as it was then", async () => {
  const worker = new HandWorker();
  const host = new RasterHost(() => worker as unknown as Worker);
  const place = onePoint(host);
  const frame = host.frame(SCENE, view, DEFAULT_STYLE);
  place[0] = Number.NaN; // the caller's array is its own again
  expect(worker.inbox).toHaveLength(0);
  worker.ready();
  worker.work();
  expect(await centerOf(frame)).toEqual([1, 2, 3]);
});

test("a worker that a policy forbids is replaced on the page, with nothing lost", async () => {
  const worker = new HandWorker();
  const host = new RasterHost(() => worker as unknown as Worker);
  onePoint(host);
  const frame = host.frame(SCENE, view, DEFAULT_STYLE);
  worker.onerror!(new Event("error", { cancelable: true }));
  expect(await centerOf(frame)).toEqual([1, 2, 3]);
  host.change(SCENE, { set: "setColors", to: [null, [7, 7, 7]] });
  expect(await centerOf(host.frame(SCENE, view, DEFAULT_STYLE))).toEqual([7, 7, 7]);
});

test("where workers do not exist the page draws", async () => {
  const host = new RasterHost(() => {
    throw new Error("Worker is not defined");
  });
  onePoint(host);
  expect(await centerOf(host.frame(SCENE, view, DEFAULT_STYLE))).toEqual([1, 2, 3]);
});

test("dispose ends the worker and everybody who waits", async () => {
  const worker = new HandWorker();
  const host = new RasterHost(() => worker as unknown as Worker);
  worker.ready();
  const frame = host.frame(SCENE, view, DEFAULT_STYLE);
  host.dispose();
  expect(await frame).toBeNull();
  expect(await host.frame(SCENE, view, DEFAULT_STYLE)).toBeNull();
  expect(worker.terminated).toBe(true);
});

test("scenes do not see each other, and the worker ends with the last of them", async () => {
  const worker = new HandWorker();
  const host = new RasterHost(() => worker as unknown as Worker);
  worker.ready();
  onePoint(host);
  const other = host.open();
  onePoint(host, other);
  host.change(other, { set: "setColors", to: [null, [9, 9, 9]] });
  const frames = [host.frame(SCENE, view, DEFAULT_STYLE), host.frame(other, view, DEFAULT_STYLE)] as const;
  worker.work();
  expect(await centerOf(frames[0])).toEqual([1, 2, 3]);
  expect(await centerOf(frames[1])).toEqual([9, 9, 9]);
  host.close(SCENE);
  expect(worker.terminated).toBe(false);
  host.close(other);
  expect(worker.terminated).toBe(true);
  expect(host.closed).toBe(true);
});
