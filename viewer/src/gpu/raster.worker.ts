// The rasteriser off the main thread: frames are drawn here while the page stays responsive.

import { Rasterizer } from "./rasterizer";
import { applyChange, type FromWorker, type ToWorker } from "./rasterMessages";

const raster = new Rasterizer();

function say(message: FromWorker, transfer: Transferable[] = []): void {
  self.postMessage(message, { transfer });
}

self.addEventListener("message", ({ data }: MessageEvent<ToWorker>) => {
  if ("set" in data) {
    applyChange(raster, data);
  } else {
    const pixels = raster.frame(data.view, data.style, data.buffer);
    say({ id: data.id, pixels }, [pixels.buffer]);
  }
});

say({ id: "ready" });
