import { expect, test } from "vitest";
import { HOME_CAMERA } from "../lib/camera";
import type { View } from "./look";
import { RasterHost } from "./rasterHost";
import { Rasterizer } from "./rasterizer";
import { applyChange, type FromWorker, type ToWorker } from "./rasterMessages";
import { DEFAULT_STYLE } from "./renderer";

const view: View = { camera: { ...HOME_CAMERA }, cssWidth: 40, cssHeight: 40, pixelRatio: 1 };

/** The worker's half, run by hand: a real rasteriser behind messages that are copied as between threads. */
class HandWorker {
  onmessage: ((event: { data: FromWorker }) => void) | null = null;
  onerror: ((event: Event) => void) | null = null;
  terminated = false;
  readonly inbox: ToWorker[] = [];
  private readonly raster = new Rasterizer();

  postMessage(message: ToWorker, transfer: Transferable[]): void {
    this.inbox.push(structuredClone(message, { transfer }));
  }

  ready(): void {
    this.onmessage!({ data: { id: "ready" } });
  }

  work(): void {
    for (const message of this.inbox.splice(0)) {
      if ("set" in message) applyChange(this.raster, message);
      else
        this.onmessage!({ data: { id: message.id, pixels: this.raster.frame(message.view, message.style) } });
    }
  }

  terminate(): void {
    this.terminated = true;
  }
}

function onePoint(host: RasterHost): Float32Array {
  const half = Float32Array.of(0.5);
  host.change({ set: "setPositions", to: [half, half] });
  host.change({ set: "setColors", to: [null, [1, 2, 3]] });
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
  const frame = host.frame(view, DEFAULT_STYLE);
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
  const frame = host.frame(view, DEFAULT_STYLE);
  worker.onerror!(new Event("error", { cancelable: true }));
  expect(await centerOf(frame)).toEqual([1, 2, 3]);
  host.change({ set: "setColors", to: [null, [7, 7, 7]] });
  expect(await centerOf(host.frame(view, DEFAULT_STYLE))).toEqual([7, 7, 7]);
});

test("where workers do not exist the page draws", async () => {
  const host = new RasterHost(() => {
    throw new Error("Worker is not defined");
  });
  onePoint(host);
  expect(await centerOf(host.frame(view, DEFAULT_STYLE))).toEqual([1, 2, 3]);
});

test("dispose ends the worker and everybody who waits", async () => {
  const worker = new HandWorker();
  const host = new RasterHost(() => worker as unknown as Worker);
  worker.ready();
  const frame = host.frame(view, DEFAULT_STYLE);
  host.dispose();
  expect(await frame).toBeNull();
  expect(await host.frame(view, DEFAULT_STYLE)).toBeNull();
  expect(worker.terminated).toBe(true);
});
