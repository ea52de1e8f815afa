import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { FakeClient } from "../api/fake";
import { obsKey } from "../data/keys";
import { countBits } from "../lib/bitset";
import type { Action } from "../state/actions";
import { createViewer, type Viewer } from "../state/viewer";
import type { FromViewer, HostWelcome, ToViewer } from "./messages";
import { findHost, type HostLink } from "./viewer-end";

const ORIGIN = "https://hub.example";
const CONFIG = { id: "0", title: "t", root: "/", capability: "c", version: "0" };

class FakePage extends EventTarget {
  readonly hellos: unknown[] = [];
  readonly reload = vi.fn();
  readonly location = { origin: ORIGIN, reload: this.reload };
  readonly parent = { postMessage: (data: unknown) => this.hellos.push(data) };

  welcome(
    state: HostWelcome["state"],
    { origin = ORIGIN, source = this.parent as unknown } = {},
  ): MessagePort {
    const { port1, port2 } = new MessageChannel();
    const data: HostWelcome = { cxg: "welcome", protocol: 1, theme: "dark", state };
    const event = new Event("message");
    this.dispatchEvent(Object.assign(event, { data, origin, source, ports: [port2] }));
    return port1;
  }
}

let page: FakePage;
let client: FakeClient;
let host: HostLink;
let viewer: Viewer;
let heard: FromViewer[];
let port: MessagePort | undefined;

beforeEach(async () => {
  page = new FakePage();
  client = new FakeClient();
  heard = [];
  host = findHost(page as unknown as Window)!;
  viewer = createViewer(CONFIG, { client, host });
  host.attach(viewer);
});

afterEach(() => {
  viewer.dispose();
  host.dispose();
  port?.close();
});

async function connected(state: HostWelcome["state"] = {}) {
  port = page.welcome(state);
  port.onmessage = ({ data }) => heard.push(data);
  await vi.waitFor(() => expect(last("selection")).toBeDefined());
  heard.length = 0;
}

function tell(message: ToViewer): void {
  port!.postMessage(message);
}

function last<T extends FromViewer["type"]>(type: T): Extract<FromViewer, { type: T }> | undefined {
  return heard.findLast((message) => message.type === type) as never;
}

const view = () => viewer.store.getState().view;

describe("the handshake", () => {
  it("begins with a hello that says nothing secret", () => {
    expect(page.hellos).toEqual([{ cxg: "hello", protocol: 1 }]);
  });

  it("takes over the host's state and theme, and that is no step", async () => {
    const themes: unknown[] = [];
    host.onTheme((theme) => themes.push(theme));
    await connected({ color: { kind: "gene", name: "LYZ" } });
    expect(view().color).toEqual({ kind: "gene", name: "LYZ" });
    expect(viewer.store.getState().canUndo).toBe(false);
    expect(themes).toEqual([null, "dark"]);
  });

  it("answers nobody else", async () => {
    const strangers = [
      page.welcome({ theme: "dark" }, { origin: "https://evil.example" }),
      page.welcome({ theme: "dark" }, { source: {} }),
    ];
    await viewer.settled();
    expect(view().theme).toBe("auto");
    for (const stranger of strangers) stranger.close();
  });

  it("is not needed where there is no page around", () => {
    const alone = { parent: null as unknown };
    alone.parent = alone;
    expect(findHost(alone as Window)).toBeNull();
  });
});

describe("the viewer tells", () => {
  it("its state and selection, and that all is selected without a bitset", async () => {
    port = page.welcome({});
    port.onmessage = ({ data }) => heard.push(data);
    await vi.waitFor(() => expect(last("selection")).toEqual({ type: "selection", bits: null, count: 500 }));
    expect(last("state")?.state.color).toEqual({ kind: "obs", name: "cluster" });
  });

  it("all colors of the columns in which some were chosen, and no others", async () => {
    await connected();
    const column = viewer.columns.get(obsKey("cluster"));
    const labels = column?.kind === "categorical" ? column.categories : [];
    viewer.do({ type: "setLabelColor", column: "cluster", label: labels[1]!, color: "#FF0000" });
    await vi.waitFor(() => expect(last("labelColors")?.columns).toHaveLength(1));
    const { colors, plain, ...rest } = last("labelColors")!.columns[0]!;
    expect(rest).toEqual({ name: "cluster", labels });
    expect(plain).toHaveLength(labels.length);
    expect(plain.every((color) => /^#[0-9a-f]{6}$/.test(color))).toBe(true);
    expect(colors[1]).toBe("#ff0000");
    viewer.undo();
    await vi.waitFor(() => expect(last("labelColors")?.columns).toEqual([]));
  });

  it("colors that the notebook set, before it says that all is done", async () => {
    await connected();
    const labelColors = { cluster: { NK: "#00ff00" } };
    tell({ type: "actions", seq: 1, actions: [{ type: "setState", state: { labelColors } }] });
    await vi.waitFor(() => expect(last("done")).toBeDefined());
    const said = heard.map(({ type }) => type);
    expect(said.indexOf("labelColors")).toBeLessThan(said.indexOf("done"));
    expect(last("state")?.state.labelColors).toEqual(labelColors);
    expect(viewer.store.getState().canUndo).toBe(true);
  });

  it("each selection as packed bits", async () => {
    await connected();
    viewer.do({ type: "onlyCategory", column: "cluster", value: "NK" });
    await vi.waitFor(() => expect(last("selection")).toBeDefined());
    const { bits, count } = last("selection")!;
    expect(bits!.byteLength).toBe(63);
    expect(countBits(new Uint8Array(bits!))).toBe(count);
    expect(count).toBe(viewer.store.getState().tally.selected);
    expect(last("state")?.state.filters).toHaveLength(1);
  });

  it("nothing of a brush that is still dragged", async () => {
    await connected();
    viewer.preview({ type: "setRange", source: { kind: "obs", name: "n_genes" }, min: 0, max: 600 });
    await viewer.settled();
    await new Promise((resolve) => setTimeout(resolve, 250));
    expect(heard).toEqual([]);
  });

  it("a burst of changes as one state, the last", async () => {
    await connected();
    for (let i = 0; i < 50; i++) viewer.do({ type: "setCamera", camera: { x: i, y: 0, zoom: 1 } });
    await vi.waitFor(() => expect(last("state")?.state.camera.x).toBe(49));
    expect(heard.length).toBeLessThanOrEqual(2);
  });

  it("all annotations after each change, and which revision's cells they are of", async () => {
    await connected();
    const codes = Int16Array.of(0, -1);
    const annotations = { names: () => ["mine"], values: () => ({ categories: ["T"], codes }) };
    Object.defineProperty(viewer, "annotations", { value: annotations });
    viewer.store.setState(({ version }) => ({ version: { ...version, edits: 1 } }));
    await vi.waitFor(() => expect(last("annotations")).toBeDefined());
    const [column] = last("annotations")!.columns;
    expect(column).toMatchObject({ name: "mine", categories: ["T"], width: 2, revision: view().revision });
    expect(new Int16Array(column!.codes)).toEqual(codes);
  });

  it("that it is ready, also to a host that comes later", async () => {
    host.ready();
    port = page.welcome({});
    port.onmessage = ({ data }) => heard.push(data);
    await vi.waitFor(() => expect(last("ready")).toBeDefined());
  });

  it("that its capability has expired, after its state", async () => {
    await connected();
    viewer.do({ type: "setTheme", theme: "light" });
    client.setReach("expired");
    await vi.waitFor(() => expect(last("expired")).toBeDefined());
    expect(heard.map((message) => message.type)).toEqual(["state", "expired"]);
    expect(page.reload).not.toHaveBeenCalled();
  });

  it("nobody, and reloads itself, when there is nobody", () => {
    viewer.reload();
    expect(page.reload).toHaveBeenCalledOnce();
  });
});

describe("the host asks", () => {
  it("for gene sets: those of Python take the place of all, and what no gene has is said", async () => {
    await connected();
    const sets = [
      { name: "T", genes: ["cd3d", "typo"] },
      { name: "B", genes: ["MS4A1"] },
    ];
    tell({ type: "actions", seq: 3, actions: [{ type: "setGeneSets", sets }] as never });
    await vi.waitFor(() => expect(last("done")).toEqual({ type: "done", seq: 3 }));
    expect(last("geneSets")?.sets.map(({ name, genes }) => [name, genes])).toEqual([
      ["T", ["CD3D"]],
      ["B", ["MS4A1"]],
    ]);
    expect(last("error")?.message).toBe("Not among the genes of this dataset: typo.");
    viewer.undo();
    await vi.waitFor(() => expect(last("geneSets")?.sets).toEqual([]));
  });

  it("for actions: done is said after their state and selection", async () => {
    await connected();
    const actions: Action[] = [
      { type: "addGenes", genes: ["cd3d"] },
      { type: "setRange", source: { kind: "gene", name: "CD3D" }, min: 1, max: 9 },
    ];
    tell({ type: "actions", seq: 7, actions });
    await vi.waitFor(() => expect(last("done")).toEqual({ type: "done", seq: 7 }));
    expect(heard.at(-1)?.type).toBe("done");
    expect(last("state")?.state).toMatchObject({ genes: ["CD3D"], filters: [{ kind: "range" }] });
    expect(last("selection")?.count).toBe(viewer.store.getState().tally.selected);
    expect(last("selection")?.count).toBeLessThan(200);
    expect(last("error")).toBeUndefined();
    expect(viewer.store.getState().canUndo).toBe(true);
  });

  it("for what cannot be done, and hears why, each time", async () => {
    await connected();
    for (const seq of [1, 2]) {
      heard.length = 0;
      tell({ type: "actions", seq, actions: [{ type: "colorBy", color: { kind: "gene", name: "typo" } }] });
      await vi.waitFor(() => expect(last("done")?.seq).toBe(seq));
      expect(last("error")?.message).toBe('There is no gene "typo" in this dataset.');
    }
  });

  it("for something that is no action", async () => {
    await connected();
    tell({ type: "actions", seq: 1, actions: [{ type: "setRange", source: "x" }, { type: "rm" }] as never });
    await vi.waitFor(() => expect(last("done")?.seq).toBe(1));
    expect(last("error")?.message).toContain("cannot do");
    expect(view().filters).toEqual([]);
  });

  it("for exactly these cells", async () => {
    await connected();
    tell({ type: "cells", key: "python-1", bits: Uint8Array.of(0b10011).buffer });
    const select: Action = { type: "selectCells", key: "python-1", label: "from Python", count: 3 };
    tell({ type: "actions", seq: 1, actions: [select] });
    await vi.waitFor(() => expect(last("done")).toBeDefined());
    expect(new Uint8Array(last("selection")!.bits!)[0]).toBe(0b10011);
    expect(last("selection")?.count).toBe(3);
  });

  it("for a state, and gets no echo of what is so already", async () => {
    await connected();
    tell({ type: "setState", state: { color: { kind: "obs", name: "batch" } } });
    await vi.waitFor(() => expect(last("state")?.state.color?.name).toBe("batch"));
    heard.length = 0;
    tell({ type: "setState", state: { color: { kind: "obs", name: "batch" }, genes: [] } });
    tell({ type: "theme", theme: "light" });
    await new Promise((resolve) => setTimeout(resolve, 250));
    expect(heard).toEqual([]);
  });

  it("for a progress bar", async () => {
    await connected();
    tell({ type: "progress", progress: { label: "Copying X", fraction: 0.4 } });
    await vi.waitFor(() => expect(viewer.store.getState().progress?.fraction).toBe(0.4));
  });

  it("for a new revision: the frame is to be loaded again", async () => {
    await connected();
    tell({ type: "revision", revision: 1 });
    tell({ type: "revision", revision: 2 });
    await vi.waitFor(() => expect(last("expired")).toBeDefined());
    expect(heard.filter((message) => message.type === "expired")).toHaveLength(1);
  });
});

it("sends a picture once the view has been still, and only of the last view", async () => {
  await connected();
  vi.useFakeTimers();
  const take = vi.fn(async () => ({ png: new ArrayBuffer(3), width: 10, height: 20 }));
  host.onPicture(take);
  await vi.advanceTimersByTimeAsync(1000);
  viewer.do({ type: "colorBy", color: null });
  await vi.advanceTimersByTimeAsync(1000);
  expect(take).not.toHaveBeenCalled();
  await vi.advanceTimersByTimeAsync(600);
  expect(take).toHaveBeenCalledOnce();
  vi.useRealTimers();
  await vi.waitFor(() => expect(last("picture")).toMatchObject({ width: 10, height: 20 }));
});
