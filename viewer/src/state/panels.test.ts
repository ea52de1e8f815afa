import { describe, expect, it } from "vitest";
import { HOME_CAMERA } from "../lib/camera";
import { type Action, apply } from "./actions";
import { History } from "./history";
import { initialView } from "./initial";
import { cameraOf, linkedPanels, MAX_SPLIT, NEW_PANEL } from "./panels";
import type { Panel, ViewState } from "./state";
import { validAction, validState } from "./validate";

const changed = (view: ViewState, ...actions: Action[]) => actions.reduce(apply, view);
const pca: Panel = { ...NEW_PANEL, embedding: "pca" };
const near = { x: 0.4, y: 0.3, zoom: 5 };

describe("the gene scatter", () => {
  it("takes one axis at a time, and undo gives it back", () => {
    const history = new History(initialView());
    history.do({ type: "setScatter", axis: "x", gene: "CD3D" }, 0);
    history.do({ type: "setScatter", axis: "y", gene: "LYZ" }, 1);
    expect(history.view.scatter).toEqual({ x: "CD3D", y: "LYZ" });
    expect(history.undo().scatter).toEqual({ x: "CD3D", y: null });
  });

  it("is checked when it comes from outside", () => {
    expect(validAction({ type: "setScatter", axis: "x", gene: "CD3D" })).not.toBeNull();
    expect(validAction({ type: "setScatter", axis: "z", gene: "CD3D" })).toBeNull();
    expect(validAction({ type: "setScatter", axis: "x", gene: 3 })).toBeNull();
    expect(validState({ scatter: { x: "A", y: 1 } }).problems).toHaveLength(1);
  });
});

describe("panels", () => {
  it("begin where the first one looks, and at home in another embedding", () => {
    const view = changed(initialView({ camera: near }), { type: "setPanels", panels: [NEW_PANEL, pca] });
    expect([cameraOf(view, 1), cameraOf(view, 2)]).toEqual([near, HOME_CAMERA]);
  });

  it("keep their cameras while others come and go", () => {
    const moved = { x: 0.1, y: 0.9, zoom: 3 };
    const view = changed(
      initialView(),
      { type: "setPanels", panels: [NEW_PANEL, pca] },
      { type: "moveCameras", panels: [2], camera: moved },
      { type: "removePanel", panel: 1 },
    );
    expect(view.panels).toEqual([pca]);
    expect(cameraOf(view, 1)).toEqual(moved);
  });

  it("move together when they show the same embedding, unless that is switched off", () => {
    const view = initialView({ panels: [NEW_PANEL, pca, { ...NEW_PANEL, embedding: "umap" }] });
    expect(linkedPanels(view, "umap", 0)).toEqual([0, 1, 3]);
    expect(linkedPanels(view, "umap", 2)).toEqual([2]);
    expect(linkedPanels({ ...view, linkedCamera: false }, "umap", 0)).toEqual([0]);
  });

  it("look at the whole of another embedding", () => {
    const view = changed(initialView({ panels: [NEW_PANEL], panelCameras: [near], camera: near }), {
      type: "setPanel",
      panel: 1,
      changes: { embedding: "pca" },
    });
    expect(cameraOf(view, 1)).toEqual(HOME_CAMERA);
    const other = changed(
      initialView({ panels: [NEW_PANEL, pca], panelCameras: [near, near], camera: near }),
      {
        type: "setEmbedding",
        embedding: "pca",
      },
    );
    expect([cameraOf(other, 1), cameraOf(other, 2)]).toEqual([HOME_CAMERA, near]); // pca stays pca
  });

  it("are steps of undo, where they look is not", () => {
    const history = new History(initialView());
    history.do({ type: "setPanels", panels: [NEW_PANEL] }, 0);
    history.do({ type: "moveCameras", panels: [0, 1], camera: near }, 1000);
    history.undo();
    expect(history.view.panels).toEqual([]);
    expect(history.view.camera).toEqual(near);
  });

  it("of a broken link are not more than fit", () => {
    expect(validState({ panels: Array(MAX_SPLIT - 1).fill(NEW_PANEL) }).problems).toEqual([]);
    expect(validState({ panels: Array(MAX_SPLIT).fill(NEW_PANEL) }).problems).toHaveLength(1);
    expect(validState({ panels: [{ ...NEW_PANEL, only: { column: "a" } }] }).problems).toHaveLength(1);
  });
});

describe("points", () => {
  it("stay within bounds, and one drag of a slider is one step", () => {
    const history = new History(initialView());
    for (let i = 0; i < 5; i++) history.do({ type: "setPoints", size: 1 + i }, 100 * i);
    expect(history.view.pointSize).toBe(4);
    expect(history.undo().pointSize).toBe(1);
    expect(history.canUndo).toBe(false);
    expect(validState({ opacity: 0 }).problems).toHaveLength(1);
  });
});
