// The rasteriser off the main thread: frames are drawn here while the page stays responsive.

import { collectGarbage, release } from "../lib/release";
import type { FromWorker, ToWorker } from "./rasterMessages";
import { RasterScenes } from "./rasterScenes";

const IDLE_MILLISECONDS = 1000;

const scenes = new RasterScenes();
let idle: ReturnType<typeof setTimeout> | undefined;

function say(message: FromWorker, transfer: Transferable[] = []): void {
  self.postMessage(message, { transfer });
}

self.addEventListener("message", ({ data }: MessageEvent<ToWorker>) => {
  const frame = scenes.hear(data);
  if (frame) say(frame, [frame.pixels.buffer]);
  if (!("set" in data)) return;
  if (data.set === "setPositions") data.to.forEach(release); // the scene has a copy
  clearTimeout(idle);
  idle = setTimeout(collectGarbage, IDLE_MILLISECONDS);
});

say({ id: "ready" });
