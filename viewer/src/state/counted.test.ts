import { afterEach, expect, it, vi } from "vitest";
import { FakeClient } from "../api/fake";
import { Tallying } from "./tallying";
import { createViewer, type Viewer } from "./viewer";

const CONFIG = { id: "0".repeat(16), title: "t", root: "/cxg/d/0/", capability: "c", version: "0" };

let viewer: Viewer;
afterEach(() => viewer.dispose());

it("looks at genes that come together once, and not once for each", async () => {
  const client = new FakeClient();
  viewer = createViewer(CONFIG, { client });
  await vi.waitFor(() => expect(viewer.store.getState().dataset).not.toBeNull());
  await viewer.genes.load();
  await viewer.settled();
  const genes = client.data.genes.slice(0, 30);
  const follow = vi.spyOn(Tallying.prototype, "follow");
  viewer.do({ type: "addGenes", genes });
  const shown = () => genes.filter((name) => viewer.counts.histogram({ kind: "gene", name }));
  await vi.waitFor(() => expect(shown()).toEqual(genes));
  expect(follow.mock.calls.length).toBeLessThanOrEqual(3);
});

it("is not settled while columns wait to be counted", async () => {
  viewer = createViewer(CONFIG, { client: new FakeClient() });
  await vi.waitFor(() => expect(viewer.store.getState().dataset).not.toBeNull());
  await viewer.settled();
  const stop = viewer.watch("gene/LYZ");
  viewer.columns.want("gene/LYZ");
  await vi.waitFor(() => expect(viewer.store.getState().columns["gene/LYZ"]).toBe("ready"));
  await viewer.settled();
  expect(viewer.counts.histogram({ kind: "gene", name: "LYZ" })).not.toBeNull();
  stop();
});
