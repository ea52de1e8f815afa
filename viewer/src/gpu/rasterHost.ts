// Where the CPU rasteriser runs: in a worker, or on the page where the browser refuses workers.

import type { View } from "./look";
import RasterWorker from "./raster.worker?worker&inline";
import type { Pixels } from "./rasterizer";
import type { FromWorker, SceneChange, ToWorker } from "./rasterMessages";
import { RasterScenes } from "./rasterScenes";
import type { PointStyle } from "./renderer";

export class RasterHost {
  private worker: Worker | null;
  private local: RasterScenes | null = null;
  private early: ToWorker[] | null = []; // kept until the worker has said that it runs
  private readonly frames = new Map<number, (pixels: Pixels | null) => void>();
  private readonly scenes = new Set<number>();
  private lastScene = 0;
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

  get closed(): boolean {
    return this.worker === null && this.local === null;
  }

  /** The number of a new scene. */
  open(): number {
    this.scenes.add(++this.lastScene);
    return this.lastScene;
  }

  /** Forgets a scene; the worker ends with the last one. */
  close(scene: number): void {
    this.scenes.delete(scene);
    if (this.scenes.size === 0) this.dispose();
    else this.send({ scene, closed: true }, []);
  }

  change(scene: number, change: SceneChange): void {
    this.send({ scene, ...change }, []);
  }

  /** Draw a frame; null when the host was disposed meanwhile. The buffer is used up. */
  frame(scene: number, view: View, style: PointStyle, buffer?: ArrayBuffer): Promise<Pixels | null> {
    if (this.closed) return Promise.resolve(null);
    const id = ++this.lastId;
    return new Promise((resolve) => {
      this.frames.set(id, resolve);
      this.send({ scene, id, view, style, buffer }, buffer === undefined ? [] : [buffer]);
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
    // The caller may write into its arrays afterwards: what is kept must be a copy.
    if (this.local !== null) this.drawHere("set" in message ? structuredClone(message) : message);
    else if (this.early !== null) this.early.push(structuredClone(message));
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

  private drawHere(message: ToWorker): void {
    const frame = this.local?.hear(message);
    if (frame) this.hear(frame);
  }

  private runHere(): void {
    this.worker?.terminate();
    this.worker = null;
    this.local = new RasterScenes();
    const early = this.early ?? [];
    this.early = null;
    for (const waiting of early) this.drawHere(waiting);
  }
}

function started(makeWorker: () => Worker): Worker | null {
  try {
    return makeWorker();
  } catch {
    return null; // no workers here, e.g. by the page's content security policy
  }
}
