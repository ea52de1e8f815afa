// @vitest-environment jsdom
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { FakeClient } from "../api/fake";
import type { WholeViewDoc } from "../api/types";
import { toBase64 } from "../lib/base64";
import { describeView } from "./describeView";
import { leftOut } from "./leftOut";
import { createViewer, type Viewer } from "./viewer";

const CONFIG = { id: "0", title: "t", root: "/", capability: "c", version: "0", views: true };
const BITS = new Uint8Array([3]);

class Server extends FakeClient {
  saved: WholeViewDoc[] = [];
  override async call<T>(method: string, route: string, body?: unknown): Promise<T> {
    const [kind, id] = route.split("/");
    if (kind !== "views") return super.call(method, route, body);
    const found = this.saved.find((view) => view.id === id);
    if (method === "DELETE") this.saved = this.saved.filter((view) => view !== found);
    if (method === "PUT") Object.assign(found!, body);
    if (method === "GET") return (id ? found : { views: this.saved, revision: 1 }) as T;
    if (method !== "POST") return found as T;
    const more = { at: "2026-11-21T09:00:00+00:00", revision: 1, same_data: true, same_cells: true };
    const made = {
      id: String(this.saved.length + 1),
      cells: {},
      ...more,
      ...(body as object),
    } as WholeViewDoc;
    this.saved.push(structuredClone(made));
    return made as T;
  }
}

let client: Server;
let viewer: Viewer;
const view = () => viewer.committed();
const notices = () => viewer.store.getState().notices;

beforeEach(async () => {
  history.replaceState(null, "", "#");
  client = new Server();
  viewer = createViewer(CONFIG, { client });
  await vi.waitFor(() => expect(viewer.store.getState().dataset).not.toBeNull());
});
afterEach(() => viewer.dispose());

describe("saved views", () => {
  it("are not offered where nothing can be saved", () => {
    const guest = createViewer({ ...CONFIG, views: false }, { client });
    expect(guest.views).toBeNull();
    guest.dispose();
  });

  it("keep what is shown and leave out what is personal", async () => {
    viewer.keepCells("k", BITS);
    viewer.do({ type: "selectCells", key: "k", label: "from Python", count: 2 });
    viewer.do({ type: "setTheme", theme: "dark" });
    await viewer.views!.save("mine");
    const [saved] = client.saved;
    expect(saved).toMatchObject({ name: "mine", cells: { k: toBase64(BITS) } });
    expect(saved?.about).toContain("1 filter");
    const state = saved?.state as object;
    expect(state).toMatchObject({ filters: view().filters, camera: view().camera });
    for (const key of ["theme", "tool", "cells", "genesPanel", "drafts", "revision"])
      expect(state).not.toHaveProperty(key);
  });

  it("open as one step, keep the theme and the selections that have names", async () => {
    const first = view();
    viewer.do({ type: "colorBy", color: { kind: "gene", name: "LYZ" } });
    viewer.do({ type: "setCamera", camera: { x: 0.2, y: 0.3, zoom: 4 } });
    await vi.waitFor(() => expect(view().color?.name).toBe("LYZ"));
    const { id } = await viewer.views!.save("LYZ");
    viewer.undo();
    viewer.do({ type: "setTheme", theme: "dark" });
    viewer.do({ type: "addGenes", genes: ["CD3D"] });
    const column = first.color!.name;
    const { categories } = viewer.store.getState().dataset!.obs.find(({ name }) => name === column)!;
    viewer.do({ type: "onlyCategory", column, value: categories![0]! });
    viewer.do({ type: "saveSelection", name: "kept" });
    const before = view();
    await viewer.views!.open(id);
    expect(view()).toMatchObject({ color: { name: "LYZ" }, genes: [], filters: [], theme: "dark" });
    expect(view().camera.zoom).toBe(4);
    expect(view().selections.map(({ name }) => name)).toEqual(before.selections.map(({ name }) => name));
    expect(notices()).toEqual([]);
    viewer.undo();
    expect(view()).toMatchObject({ color: before.color, genes: before.genes, filters: before.filters });
  });

  it("say at once what no longer applies", async () => {
    client.saved = [
      {
        id: "1",
        name: "old",
        about: "",
        at: "2026-11-21T09:00:00+00:00",
        revision: 1,
        same_data: false,
        same_cells: false,
        cells: {},
        state: {
          embedding: "gone",
          color: { kind: "gene", name: "LYZ" },
          genes: ["LYZ", "NOPE"],
          filters: [{ kind: "cells", key: "k", label: "from Python", count: 2 }],
          nonsense: 1,
        },
      },
    ];
    await viewer.views!.open("1");
    expect(view()).toMatchObject({ color: { name: "LYZ" }, genes: ["LYZ"], filters: [] });
    expect(notices()).toHaveLength(1);
    expect(notices()[0]?.message).toContain("“old” was saved on revision 1");
    expect(notices()[0]?.details?.join(" ")).toMatch(/cells that the data no longer have.*"gone".*"NOPE"/);
  });

  it("that are deleted can be made again", async () => {
    await viewer.views!.save("mine");
    const restore = await viewer.views!.remove("1");
    expect(await viewer.views!.list()).toEqual([]);
    await restore();
    expect((await viewer.views!.list()).map(({ name }) => name)).toEqual(["mine"]);
  });
});

describe("what a view loses", () => {
  it("is one sentence with a list when the data are newer", () => {
    expect(leftOut(["a", "b"], 1, 3)).toEqual([
      { message: expect.stringMatching(/revision 1.*revision 3/), details: ["a", "b"] },
    ]);
  });
  it("is a sentence each when they are not, and nothing when nothing is lost", () => {
    expect(leftOut(["a", "b"], 3, 3)).toEqual([{ message: "a" }, { message: "b" }]);
    expect(leftOut(["a"], null, 3)).toEqual([{ message: "a" }]);
    expect(leftOut([], 1, 3)).toEqual([]);
  });
});

it("a view is described in a few words", () => {
  expect(describeView({ embedding: "umap", color: { kind: "gene", name: "LYZ" }, genes: ["a", "b"] })).toBe(
    "umap · colored by LYZ · 2 genes",
  );
  expect(describeView({})).toBe("");
  expect(describeView({ embedding: "x".repeat(999) })).toHaveLength(200);
});
