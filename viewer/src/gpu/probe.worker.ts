// Asks for a GPU off the main thread: where there is none, the browser takes up to half a second to answer,
// and the page would stand still meanwhile.

import { isRealGpu } from "./device";

self.postMessage(isRealGpu(new OffscreenCanvas(1, 1)));
