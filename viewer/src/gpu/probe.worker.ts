// Asks for a GPU off the main thread: where there is none, the browser takes up to half a second to answer,
// and the page would stand still meanwhile.

import { graphicsOf } from "./device";

self.postMessage(graphicsOf(new OffscreenCanvas(1, 1)));
