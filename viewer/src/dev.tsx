// The viewer on made-up data, for working on the interface: npm run dev. Not part of the build.

import { FakeClient } from "./api/fake";
import { fakeData } from "./api/fakeData";
import { start } from "./app/start";
import { createViewer } from "./state/viewer";

const config = { id: "0", title: "made-up cells", root: "/", capability: "", version: "0" };
const cells = Number(new URLSearchParams(location.search).get("cells") ?? 2000);
const viewer = createViewer(config, { client: new FakeClient(fakeData(cells)) });

start(viewer, document.getElementById("root") as HTMLElement, null);
