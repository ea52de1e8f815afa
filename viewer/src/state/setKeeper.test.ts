import { beforeEach, describe, expect, it, vi } from "vitest";
import { ApiError, Unreachable } from "../api/errors";
import { FakeClient } from "../api/fake";
import { Runtime } from "./effects";

const gene = (symbol: string) => ({ gene_symbol: symbol, gene_description: "" });
const stored = (name: string, ...genes: string[]) => ({
  geneset_name: name,
  geneset_description: "",
  genes: genes.map(gene),
});

let client: FakeClient;
const open = async (state: object = {}) => {
  const viewer = new Runtime(
    { id: "x", title: "x", root: "/", capability: "c", version: "0", state },
    { client },
  );
  await vi.waitFor(() => expect(viewer.store.getState().sets.status).not.toBe("loading"));
  return viewer;
};
const sets = (viewer: Runtime) => viewer.store.getState().sets;
const names = (viewer: Runtime) => sets(viewer).list.map(({ name }) => name);
const saved = (viewer: Runtime) => vi.waitFor(() => expect(sets(viewer).status).toBe("saved"));
const onServer = () => client.sets.genesets.map(({ geneset_name }) => geneset_name);

beforeEach(() => {
  client = new FakeClient();
});

describe("gene sets", () => {
  it("are saved as they are made, with the dataset's spelling, and what is unknown is said", async () => {
    const viewer = await open();
    const made = await viewer.sets.create("T", ["cd3d", "CD3D", "LYZ", "nope"], "about");
    expect(made).toEqual({ name: "T", unknown: ["nope"] });
    await saved(viewer);
    expect(client.sets.genesets).toEqual([
      { geneset_name: "T", geneset_description: "about", genes: [gene("CD3D"), gene("LYZ")] },
    ]);
    expect(sets(viewer).leftOut).toEqual({ T: ["nope"] });
    expect(viewer.committed().drafts).toBeNull();
    expect((await viewer.sets.create("T", ["LYZ"])).name).toBe("T (2)");
  });

  it("can be undone and done again, the view with them", async () => {
    const viewer = await open();
    await viewer.sets.create("T", ["CD3D"]);
    viewer.do({ type: "colorBy", color: { kind: "set", name: "T", method: "mean", genes: ["CD3D"] } });
    await vi.waitFor(() => expect(viewer.committed().color?.kind).toBe("set"));
    viewer.sets.update("T", { name: "T2", description: "", genes: ["CD3D", "LYZ"], about: {} });
    expect(viewer.committed().color).toMatchObject({ name: "T2", genes: ["CD3D", "LYZ"] });
    viewer.sets.remove("T2");
    expect([names(viewer), viewer.committed().color]).toEqual([[], null]);
    viewer.undo();
    expect([names(viewer), viewer.committed().color?.name]).toEqual([["T2"], "T2"]);
    viewer.undo();
    expect(viewer.committed().color).toMatchObject({ name: "T", genes: ["CD3D"] });
    viewer.undo();
    viewer.undo();
    expect(names(viewer)).toEqual([]);
    viewer.redo();
    expect(names(viewer)).toEqual(["T"]);
    await vi.waitFor(() => expect(onServer()).toEqual(["T"]));
  });

  it("wait for a server that is away, and are in the view meanwhile", async () => {
    const viewer = await open();
    await viewer.sets.create("A", ["LYZ"]);
    await saved(viewer);
    const back = client.hold("status");
    client.refuse("api/v0.2/genesets", new Unreachable());
    await viewer.sets.create("B", ["LYZ"]);
    await vi.waitFor(() => expect(sets(viewer).status).toBe("waiting"));
    viewer.sets.remove("A");
    const { drafts } = viewer.committed();
    expect(drafts).toMatchObject({ tid: 1, sets: [{ name: "B" }], gone: ["A"] });
    const away = client;
    client = new FakeClient(); // the server, started anew, and a page that was loaded again
    client.sets = structuredClone(away.sets);
    expect(names(await open({ drafts }))).toEqual(["B"]);
    await vi.waitFor(() => expect(onServer()).toEqual(["B"]));

    client = away; // and one that has just waited
    client.refuse("api/v0.2/genesets", null);
    back();
    await saved(viewer);
    expect(names(viewer)).toEqual(["B"]);
    expect(sets(viewer).conflicts).toEqual([]);
  });

  it("of two windows are merged, and a conflict is shown", async () => {
    client.sets = { genesets: [stored("A", "LYZ")], tid: 3 };
    const viewer = await open();
    client.sets = { genesets: [stored("theirs", "CD3D"), stored("A", "LYZ", "CD8A")], tid: 4 };
    viewer.sets.update("A", { name: "A", description: "", genes: ["LYZ", "CD3D"], about: {} });
    await saved(viewer);
    expect(onServer()).toEqual(["theirs", "A", "A (2)"]);
    expect(sets(viewer).conflicts).toEqual([{ name: "A", ours: "A (2)" }]);
    viewer.sets.settle("A", "ours");
    await vi.waitFor(() => expect(onServer()).toEqual(["theirs", "A"]));
    expect(client.sets.genesets[1]).toEqual(stored("A", "LYZ", "CD3D"));
    expect(sets(viewer).conflicts).toEqual([]);
  });

  it("stay in the page where they cannot be saved", async () => {
    client.data.config.config.parameters.annotations_genesets_readonly = true;
    const viewer = await open();
    await viewer.sets.create("T", ["LYZ"]);
    expect(sets(viewer).status).toBe("session");
    expect(onServer()).toEqual([]);
    expect(names(await open({ drafts: viewer.committed().drafts }))).toEqual(["T"]);
  });

  it("say what the server does not take, and keep it", async () => {
    const viewer = await open();
    client.refuse("api/v0.2/genesets", new ApiError("too_large", "There is no room."));
    await viewer.sets.create("T", ["LYZ"]);
    await vi.waitFor(() => expect(sets(viewer).status).toEqual({ error: "There is no room." }));
    expect(viewer.committed().drafts?.sets).toHaveLength(1);
    client.refuse("api/v0.2/genesets", null);
    viewer.sets.retry();
    await saved(viewer);
    expect(onServer()).toEqual(["T"]);
  });
});
