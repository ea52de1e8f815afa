// @vitest-environment jsdom
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { FakeClient } from "../../api/fake";
import { HIGHLIGHTED, type PointRenderer } from "../../gpu/renderer";
import { createViewer, type Viewer } from "../../state/viewer";
import { createTransient } from "../useViewer";
import { Plot } from "./Plot";
import type { PlotStyle } from "./pointStyle";

const CONFIG = { id: "0", title: "made-up", root: "/", capability: "", version: "0" };
const STYLE: PlotStyle = {
  background: [255, 255, 255],
  missing: [200, 200, 200],
  plain: [60, 70, 80],
  pointSize: "auto",
  diameter: null,
  sizeFactor: 1,
  backdropOpacity: 1,
  opacity: 1,
  contextOpacity: 0.3,
};

let client: FakeClient;
let viewer: Viewer;
let plot: Plot;
let renderer: { [name in keyof PointRenderer]: ReturnType<typeof vi.fn> };
const transient = createTransient();

/** A renderer that notes what it is told. */
function recorder(): typeof renderer {
  const made: Record<string, unknown> = {};
  return new Proxy(made, {
    get: (all, name: string) =>
      (all[name] ??= vi.fn(() => (name === "settled" ? Promise.resolve() : undefined))),
  }) as typeof renderer;
}

beforeEach(async () => {
  client = new FakeClient();
  viewer = createViewer(CONFIG, { client });
  renderer = recorder();
  plot = new Plot(viewer, transient, renderer as unknown as PointRenderer);
  plot.setStyle(STYLE);
  plot.resize(400, 300, 1);
  await plot.drawn();
  await vi.waitFor(() => expect(viewer.columns.get("obs/cluster")).toBeDefined());
});

afterEach(() => {
  plot.dispose();
  viewer.dispose();
  transient.setState({ highlight: null });
  vi.useRealTimers();
});

const last = (method: keyof PointRenderer): unknown => renderer[method].mock.lastCall?.[0];

describe("Plot", () => {
  it("draws the default embedding in the default color", () => {
    const umap = viewer.columns.get("layout/umap");
    expect(umap?.kind === "embedding" && last("setPositions") === umap.x).toBe(true);
    expect(last("setColors")).toBeInstanceOf(Uint16Array);
    expect(renderer.draw).toHaveBeenCalled();
  });

  it("tells another renderer all that the first one was told", () => {
    const next = recorder();
    plot.replaceRenderer(next as unknown as PointRenderer);
    expect(renderer.dispose).toHaveBeenCalled();
    for (const told of [
      "setPositions",
      "setColors",
      "setPalette",
      "setRamp",
      "setState",
      "setStyle",
      "draw",
    ] as const) {
      expect(next[told].mock.lastCall, told).toEqual(renderer[told].mock.lastCall);
    }
    expect(next.resize).toHaveBeenLastCalledWith(400, 300, 1);
  });

  it("keeps the old colors until those of a gene are here", async () => {
    const before = last("setColors");
    const release = client.hold("data/var?var:name_0=LYZ");
    await viewer.genes.load();
    viewer.do({ type: "colorBy", color: { kind: "gene", name: "LYZ" } });
    expect(last("setColors")).toBe(before);
    release();
    await vi.waitFor(() => expect(last("setRamp")).not.toBeNull());
    expect(last("setColors")).not.toBe(before);
  });

  it("marks the cells of a highlighted category, and forgets them", () => {
    const column = viewer.columns.get("obs/cluster");
    if (column?.kind !== "categorical") throw new Error("cluster should be here");
    transient.setState({ highlight: { column: "cluster", code: 1 } });
    const marked = last("setState") as Uint8Array;
    const wrong = marked.findIndex((bits, i) => ((bits & HIGHLIGHTED) !== 0) !== (column.codes[i] === 1));
    expect(wrong).toBe(-1);
    transient.setState({ highlight: null });
    expect((last("setState") as Uint8Array).some((bits) => bits & HIGHLIGHTED)).toBe(false);
  });

  it("moves at once and tells the view state when the camera rests", () => {
    vi.useFakeTimers();
    const listener = vi.fn();
    plot.onMoved(listener);
    plot.setCamera({ x: 0.4, y: 0.5, zoom: 2 });
    expect(last("draw")).toEqual({ x: 0.4, y: 0.5, zoom: 2 });
    expect(listener).toHaveBeenCalledOnce();
    expect(viewer.store.getState().view.camera.zoom).toBe(1);
    vi.runAllTimers();
    expect(viewer.store.getState().view.camera.zoom).toBe(2);
  });

  it("follows a camera set elsewhere", () => {
    viewer.do({ type: "setCamera", camera: { x: 0.1, y: 0.2, zoom: 3 } });
    expect(last("draw")).toEqual({ x: 0.1, y: 0.2, zoom: 3 });
  });

  it("finds the point under a pixel", () => {
    const { x, y } = plot.embedding!;
    const [px, py] = plot.projection.toScreen(x[7]!, y[7]!);
    expect(plot.pointAt(px, py, 5)).toBe(7);
    expect(plot.pointAt(-500, -500, 5)).toBe(-1);
  });
});
