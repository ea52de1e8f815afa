// Where the CPU rasteriser runs: in a worker, or on the page where the browser refuses workers.

import type { View } from "./look";
import RasterWorker from "./raster.worker?worker&inline";
import { type Pixels, Rasterizer } from "./rasterizer";
import { applyChange, type FromWorker, type SceneChange, type ToWorker } from "./rasterMessages";
import type { PointStyle } from "./renderer";

export class RasterHost {
  private worker: Worker | null;
  private local: Rasterizer | null = null;
  private early: ToWorker[] | null = []; // kept until the worker has said that it runs
  private readonly frames = new Map<number, (pixels: Pixels | null) => void>();
  private lastId = 0;

  constructor(makeWorker: () => Worker = () => new RasterWorker()) {
    this.worker = started(makeWorker);
    if (this.worker === null) {
      this.runHere();
      return;
    }
    this.worker.onmessage = ({ data }: MessageEvent<FromWorker>) => this.hear(data);
    this.worker.onerror = (event) => {
      event.preventDefault();
      if (this.early !== null)
        this.runHere(); // it never ran: a policy forbids it
      else this.dispose();
    };
  }

  change(change: SceneChange): void {
    if (this.local !== null) applyChange(this.local, change);
    else this.send(change, []);
  }

  /** Draw a frame; null when the host was disposed meanwhile. The buffer is used up. */
  frame(view: View, style: PointStyle, buffer?: ArrayBuffer): Promise<Pixels | null> {
    if (this.local !== null) return Promise.resolve(this.local.frame(view, style, buffer));
    if (this.worker === null) return Promise.resolve(null);
    const id = ++this.lastId;
    return new Promise((resolve) => {
      this.frames.set(id, resolve);
      this.send({ id, view, style, buffer }, buffer === undefined ? [] : [buffer]);
    });
  }

  dispose(): void {
    this.worker?.terminate();
    this.worker = null;
    this.local = null;
    this.early = null;
    for (const resolve of this.frames.values()) resolve(null);
    this.frames.clear();
  }

  private send(message: ToWorker, transfer: Transferable[]): void {
    // The caller may write into its arrays afterwards: what waits must be a copy.
    if (this.early !== null) this.early.push(structuredClone(message));
    else this.worker?.postMessage(message, transfer);
  }

  private hear(message: FromWorker): void {
    if (message.id === "ready") {
      const early = this.early ?? [];
      this.early = null;
      for (const waiting of early) this.send(waiting, []);
    } else {
      this.frames.get(message.id)?.(message.pixels);
      this.frames.delete(message.id);
    }
  }

  private runHere(): void {
    this.worker?.terminate();
    this.worker = null;
    const local = new Rasterizer();
    this.local = local;
    const early = this.early ?? [];
    this.early = null;
    for (const waiting of early) {
      if ("set" in waiting) applyChange(local, waiting);
      else this.hear({ id: waiting.id, pixels: local.frame(waiting.view, waiting.style) });
    }
  }
}

function started(makeWorker: () => Worker): Worker | null {
  try {
    return makeWorker();
  } catch {
    return null; // no workers here, e.g. by the page's content security policy
  }
}
