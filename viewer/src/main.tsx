import type { PageConfig } from "./api/types";
import { start } from "./app/start";
import { findHost } from "./bridge/viewer-end";
import { createViewer } from "./state/viewer";

const config: PageConfig = JSON.parse(document.getElementById("cxg-config")?.textContent ?? "null");
const host = findHost();
const viewer = createViewer(config, host ? { host } : {});
start(viewer, document.getElementById("root") ?? document.body, host);
