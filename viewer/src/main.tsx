import type { PageConfig } from "./api/types";
import { start } from "./app/start";
import { createViewer } from "./state/viewer";

const config: PageConfig = JSON.parse(document.getElementById("cxg-config")?.textContent ?? "null");
const viewer = createViewer(config);
start(viewer, document.getElementById("root") as HTMLElement, null);
