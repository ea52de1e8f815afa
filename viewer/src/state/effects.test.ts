import { afterEach, describe, expect, it, vi } from "vitest";
import { ApiError } from "../api/errors";
import { FakeClient } from "../api/fake";
import { geneKey, layoutKey, obsKey } from "../data/keys";
import { pointColors } from "./selectors";
import { createViewer, type Viewer } from "./viewer";

const CONFIG = { id: "0".repeat(16), title: "t", root: "/cxg/d/0/", capability: "c", version: "0" };

let viewer: Viewer;
afterEach(() => {
  viewer.dispose();
  vi.useRealTimers();
});

function start(client = new FakeClient()) {
  viewer = createViewer(CONFIG, { client });
  return { viewer, client, state: () => viewer.store.getState() };
}

async function started(client = new FakeClient()) {
  const all = start(client);
  await vi.waitFor(() => expect(all.state().dataset).not.toBeNull());
  await viewer.settled();
  return all;
}

const messages = () => viewer.store.getState().notices.map((notice) => notice.message);

function lasso(mode: "replace" | "add" | "subtract" = "replace") {
  const points: [number, number][] = [
    [0, 0],
    [1, 0],
    [1, 0.5],
    [0, 0.5],
  ];
  return { type: "region", embedding: "umap", step: { mode, shape: "lasso", points } } as const;
}

describe("the first picture", () => {
  it("asks for all it needs at once", async () => {
    const { client } = start();
    expect(client.asked).toEqual(["schema", "config", "colors", "status", "default-layout", "default-color"]);
  });

  it("has places and colors as soon as the dataset is known", async () => {
    const { state } = await started();
    expect(state().view.color).toEqual({ kind: "obs", name: "cluster" });
    expect(state().columns[layoutKey("umap")]).toBe("ready");
    expect(state().columns[obsKey("cluster")]).toBe("ready");
    expect(state().tally).toEqual({ total: 500, inside: 500, drawn: 500, selected: 500 });
    const colors = pointColors(viewer, state().view);
    expect(colors.codes?.length).toBe(500);
    expect([...colors.palette.slice(0, 3)]).toEqual([0x1f, 0x77, 0xb4]); // uns color of "B cells"
  });

  it("is not promised of a dataset without any embedding", async () => {
    const client = new FakeClient();
    client.data.schema.schema.layout.obs = [];
    const { state } = await started(client);
    expect(state().fatal?.message).toContain("sc.tl.umap");
    expect(state().tally).toEqual({ total: 500, inside: 500, drawn: 0, selected: 500 });
  });

  it("says why it cannot start", async () => {
    const client = new FakeClient();
    client.refuse("schema", new ApiError("not_found", "There is no snapshot 0."));
    const { state } = start(client);
    await vi.waitFor(() => expect(state().fatal?.message).toBe("There is no snapshot 0."));
  });

  it("has what a view needs that says all by itself", async () => {
    const source = { kind: "gene", name: "LYZ" } as const;
    const view = { embedding: "umap", color: { kind: "obs", name: "cluster" }, revision: 1 } as const;
    const filters = [{ kind: "range", source, min: 1e6, max: 1e7 }] as const;
    viewer = createViewer(
      { ...CONFIG, state: { version: 1, ...view, filters } },
      { client: new FakeClient() },
    );
    await vi.waitFor(() => expect(viewer.store.getState().columns[geneKey("LYZ")]).toBe("ready"));
    expect(await viewer.settled()).toBe(true);
    expect(viewer.store.getState().tally.selected).toBe(0);
  });

  it("asks by name for what the first round did not bring", async () => {
    const client = new FakeClient();
    client.refuse("default-layout", new ApiError("error", "It broke."));
    const { state } = await started(client);
    await vi.waitFor(() => expect(state().columns[layoutKey("umap")]).toBe("ready"));
  });
});

describe("filters", () => {
  it("count cells per category and bin", async () => {
    const { state } = await started();
    await vi.waitFor(() => expect(state().columns[obsKey("n_genes")]).toBe("ready"));
    const all = state().dataset!.obs.find(({ name }) => name === "cluster")!.categories!;
    viewer.do({ type: "onlyCategory", column: "cluster", value: "B cells" });
    await viewer.settled();
    const clusters = viewer.counts.categories("cluster")!;
    expect(state().tally.selected).toBe(clusters.total[0]);
    expect([...clusters.selected]).toEqual([clusters.total[0], 0, 0, 0, 0]);
    const histogram = viewer.counts.histogram({ kind: "obs", name: "n_genes" })!;
    expect(histogram.edges.length).toBe(41);
    expect(histogram.total.reduce((a, b) => a + b)).toBe(500);
    expect(histogram.selected.reduce((a, b) => a + b)).toBe(clusters.total[0]);
    viewer.do({ type: "toggleAllCategories", column: "cluster", all: [...all, null] });
    await viewer.settled();
    expect(state().tally.selected).toBe(500);
  });

  it("by a gene that nothing shows yet fetches the gene first", async () => {
    const { state } = await started();
    viewer.do({ type: "setRange", source: { kind: "gene", name: "LYZ" }, min: 2, max: 99 });
    await viewer.settled();
    expect(state().columns[geneKey("LYZ")]).toBe("ready");
    const mono = [...viewer.counts.selected()].filter(Boolean).length;
    expect(mono).toBe(state().tally.selected);
    expect(mono).toBeGreaterThan(50);
    expect(mono).toBeLessThan(150);
  });

  it("by region select exactly the cells inside", async () => {
    const { state } = await started();
    viewer.do(lasso());
    await viewer.settled();
    const umap = viewer.columns.get(layoutKey("umap"));
    if (umap?.kind !== "embedding") throw new Error("no umap");
    const inside = Array.from(umap.y, (y) => (y < 0.5 ? 1 : 0));
    expect([...viewer.counts.selected()]).toEqual(inside);
    expect(viewer.counts.pointState()).toBe(viewer.counts.selected());
    viewer.do(lasso("subtract"));
    await viewer.settled();
    expect(state().tally.selected).toBe(0);
  });

  it("by kept cells wait for the cells", async () => {
    const { state } = await started();
    viewer.do({ type: "selectCells", key: "py-1", label: "from Python", count: 2 });
    viewer.keepCells("py-1", Uint8Array.from([0b101]));
    await viewer.settled();
    expect(state().tally.selected).toBe(2);
    viewer.keepCells("py-1", Uint8Array.from([0b111]));
    await viewer.settled();
    expect(state().tally.selected).toBe(3);
  });
});

describe("a preview", () => {
  it("shows at once, is no step, and ends without a trace", async () => {
    const { state } = await started();
    const before = state().view;
    viewer.preview(lasso());
    expect(state().view.filters).toHaveLength(1);
    expect(state().canUndo).toBe(false);
    viewer.preview(null);
    expect(state().view).toBe(before);
    await viewer.settled();
    expect(state().tally.selected).toBe(500);
  });
});

describe("colors", () => {
  it("stay until those of the new column are here", async () => {
    const client = new FakeClient();
    const { state } = await started(client);
    const old = pointColors(viewer, state().view);
    const release = client.hold("data/var?var:name_0=LYZ");
    viewer.do({ type: "colorBy", color: { kind: "gene", name: "lyz" } });
    await vi.waitFor(() => expect(state().view.color).toEqual({ kind: "gene", name: "LYZ" }));
    expect(state().columns[geneKey("LYZ")]).toBe("loading");
    expect(pointColors(viewer, state().view)).toBe(old);
    release();
    await vi.waitFor(() => expect(state().columns[geneKey("LYZ")]).toBe("ready"));
    const now = pointColors(viewer, state().view);
    expect(now).not.toBe(old);
    expect(now.order).toBe("value");
    expect(pointColors(viewer, state().view)).toBe(now);
  });

  it("of a gene that is no longer wanted are not waited for", async () => {
    const client = new FakeClient();
    const { state } = await started(client);
    await viewer.genes.load();
    client.hold("data/var?var:name_0=LYZ");
    viewer.do({ type: "colorBy", color: { kind: "gene", name: "LYZ" } });
    viewer.do({ type: "colorBy", color: { kind: "gene", name: "CD3D" } });
    await vi.waitFor(() => expect(state().columns[geneKey("CD3D")]).toBe("ready"));
    expect(state().columns[geneKey("LYZ")]).toBeUndefined();
  });

  it("center the diverging map at zero and keep the codes when the map changes", async () => {
    const { state } = await started();
    viewer.do({ type: "colorBy", color: { kind: "obs", name: "score" } });
    await vi.waitFor(() => expect(pointColors(viewer, state().view).by?.name).toBe("score"));
    const viridis = pointColors(viewer, state().view);
    viewer.do({ type: "setPalette", palette: "rdbu" });
    const rdbu = pointColors(viewer, state().view);
    expect(rdbu.codes).toBe(viridis.codes);
    expect(rdbu.domain![0]).toBe(-rdbu.domain![1]);
  });
});

describe("unknown names", () => {
  it("of genes are said in one sentence; the known are added as the dataset spells them", async () => {
    const { state } = await started();
    viewer.do({ type: "addGenes", genes: ["cd3d", "typo", "LYZ", "other"] });
    await viewer.settled();
    expect(state().view.genes).toEqual(["CD3D", "LYZ"]);
    expect(messages()).toEqual(['2 genes are not in this dataset: "typo", "other".']);
  });

  it("in a state are dropped one by one", async () => {
    const { state } = await started();
    viewer.do({
      type: "setState",
      state: {
        color: { kind: "obs", name: "nope" },
        filters: [
          { kind: "categories", column: "cluster", mode: "include", values: ["NK", "typo"] },
          { kind: "range", source: { kind: "obs", name: "cluster" }, min: 0, max: 1 },
        ],
      },
    });
    await viewer.settled();
    expect(state().view.color).toEqual({ kind: "obs", name: "cluster" });
    expect(state().view.filters).toEqual([
      { kind: "categories", column: "cluster", mode: "include", values: ["NK"] },
    ]);
    expect(messages()).toEqual([
      'There is no column "nope" in this dataset.',
      'The column "cluster" has no category "typo".',
      'The column "cluster" is not a numeric column.',
    ]);
  });
});

describe("trouble", () => {
  it("with one column is said beside it, and a retry asks again", async () => {
    const client = new FakeClient();
    client.refuse("annotations/obs?annotation-name=score", new ApiError("error", "It broke."));
    const { state } = await started(client);
    await vi.waitFor(() =>
      expect(state().columns[obsKey("score")]).toEqual({ error: "It broke.", code: "error" }),
    );
    client.refuse("annotations/obs?annotation-name=score", null);
    viewer.retry(obsKey("score"));
    await vi.waitFor(() => expect(state().columns[obsKey("score")]).toBe("ready"));
  });

  it("with the server shows in the state", async () => {
    const { client, state } = await started();
    client.setReach("unreachable");
    expect(state().server).toBe("unreachable");
  });

  it("of an expired view is handed to the host", async () => {
    const reload = vi.fn();
    viewer = createViewer(CONFIG, { client: new FakeClient(), host: { reload } });
    viewer.reload();
    expect(reload).toHaveBeenCalledOnce();
  });
});

describe("progress", () => {
  const copying = { label: "Copying X", fraction: 0.5 };

  it("is followed while the data are published, and no longer", async () => {
    vi.useFakeTimers();
    const client = new FakeClient();
    client.status = { revision: 3, state: "publishing", progress: copying };
    const { state } = await started(client);
    expect(state().progress).toEqual(copying);
    expect(state().view.revision).toBe(3);
    client.status = { revision: 3, state: "complete", progress: null };
    await vi.advanceTimersByTimeAsync(1000);
    expect(state().progress).toBeNull();
    const asked = client.asked.length;
    await vi.advanceTimersByTimeAsync(5000);
    expect(client.asked).toHaveLength(asked);
  });

  it("is looked for when a gene takes long", async () => {
    vi.useFakeTimers();
    const client = new FakeClient();
    const { state } = await started(client);
    await vi.advanceTimersByTimeAsync(2000);
    const release = client.hold("data/var?var:name_0=LYZ");
    client.status = { revision: 1, state: "complete", progress: { label: "Indexing genes", fraction: 0.2 } };
    viewer.do({ type: "addGenes", genes: ["LYZ"] });
    await vi.advanceTimersByTimeAsync(1500);
    expect(state().progress?.label).toBe("Indexing genes");
    client.status = { revision: 1, state: "complete", progress: null };
    release();
    await vi.advanceTimersByTimeAsync(1000);
    expect(state().progress).toBeNull();
  });
});

it("names cells", async () => {
  const { client } = await started();
  expect(await viewer.names([0, 7])).toEqual(["cell0", "cell7"]);
  await viewer.names([1]);
  expect(client.asked.filter((q) => q === "annotations/obs?annotation-name=name_0")).toHaveLength(1);
});
