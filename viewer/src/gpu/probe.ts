// Whether there is a GPU to draw with.

import { isRealGpu } from "./device";
import ProbeWorker from "./probe.worker?worker&inline";

/** Asks in a worker; on the page where the browser has no worker, or no canvas in it. */
export function hasGpu(makeWorker: () => Worker = () => new ProbeWorker()): Promise<boolean> {
  return new Promise((resolve) => {
    const askHere = (): void => resolve(isRealGpu(document.createElement("canvas")));
    try {
      const worker = makeWorker();
      const end = (then: () => void): void => {
        worker.terminate();
        then();
      };
      worker.onmessage = ({ data }: MessageEvent<boolean>) => end(() => resolve(data));
      worker.onerror = (event) => {
        event.preventDefault();
        end(askHere);
      };
    } catch {
      askHere();
    }
  });
}
