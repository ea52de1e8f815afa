import type { PageConfig } from "./api/types";
import { start } from "./app/start";
import { findHost } from "./bridge/viewer-end";
import { enter } from "./state/link";
import { createViewer } from "./state/viewer";

const told: PageConfig = JSON.parse(document.getElementById("cxg-config")?.textContent ?? "null");
const config = enter(told);
const host = config.link ? null : findHost(); // a guest's view is nobody else's business
const viewer = createViewer(config, host ? { host } : {});
start(viewer, document.getElementById("root") ?? document.body, host);
