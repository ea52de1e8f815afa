// Whether there is a GPU to draw with.

import { type Graphics, graphicsOf } from "./device";
import ProbeWorker from "./probe.worker?worker&inline";

export type { Graphics };

let answer: Promise<Graphics> | null = null;

/** Who draws WebGL2 here; asked once. */
export function graphics(): Promise<Graphics> {
  answer ??= askGraphics();
  return answer;
}

/** Asks in a worker; on the page where the browser has no worker, or no canvas in it. */
export function askGraphics(makeWorker: () => Worker = () => new ProbeWorker()): Promise<Graphics> {
  return new Promise((resolve) => {
    const askHere = (): void => resolve(graphicsOf(document.createElement("canvas")));
    try {
      const worker = makeWorker();
      const end = (then: () => void): void => {
        worker.terminate();
        then();
      };
      worker.onmessage = ({ data }: MessageEvent<Graphics>) => end(() => resolve(data));
      worker.onerror = (event) => {
        event.preventDefault();
        end(askHere);
      };
    } catch {
      askHere();
    }
  });
}
