// The rasteriser's half of the messages: scenes by number, in the worker or on the page.

import { type Pixels, Rasterizer } from "./rasterizer";
import { applyChange, type ToWorker } from "./rasterMessages";

export class RasterScenes {
  private readonly scenes = new Map<number, Rasterizer>();

  /** Does what the message says; the frame and its number, when it asks for one. */
  hear(message: ToWorker): { id: number; pixels: Pixels } | null {
    const { scene } = message;
    if ("closed" in message) {
      this.scenes.delete(scene);
      return null;
    }
    const raster = this.scenes.get(scene) ?? new Rasterizer();
    this.scenes.set(scene, raster);
    if ("set" in message) {
      applyChange(raster.scene, message);
      return null;
    }
    return { id: message.id, pixels: raster.frame(message.view, message.style, message.buffer) };
  }
}
