// The rasteriser off the main thread: frames are drawn here while the page stays responsive.

import type { FromWorker, ToWorker } from "./rasterMessages";
import { RasterScenes } from "./rasterScenes";

const scenes = new RasterScenes();

function say(message: FromWorker, transfer: Transferable[] = []): void {
  self.postMessage(message, { transfer });
}

self.addEventListener("message", ({ data }: MessageEvent<ToWorker>) => {
  const frame = scenes.hear(data);
  if (frame) say(frame, [frame.pixels.buffer]);
});

say({ id: "ready" });
