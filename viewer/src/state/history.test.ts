import { describe, expect, it } from "vitest";
import { History } from "./history";
import { initialView } from "./initial";

const source = { kind: "obs", name: "n" } as const;

function history(): History {
  return new History(initialView());
}

describe("undo", () => {
  it("goes back step by step, and redo forth again", () => {
    const h = history();
    h.do({ type: "addGenes", genes: ["A"] }, 0);
    h.do({ type: "colorBy", color: { kind: "gene", name: "A" } }, 1);
    expect(h.undo()).toMatchObject({ color: null, genes: ["A"] });
    expect(h.undo()).toMatchObject({ color: null, genes: [] });
    expect(h.canUndo).toBe(false);
    h.redo();
    expect(h.redo()).toMatchObject({ color: { name: "A" }, genes: ["A"] });
    expect(h.canRedo).toBe(false);
  });

  it("leaves camera, sidebars, tool and theme as they are", () => {
    const h = history();
    h.do({ type: "addGenes", genes: ["A"] }, 0);
    h.do({ type: "setCamera", camera: { x: 0, y: 0, zoom: 3 } }, 1);
    h.do({ type: "setTool", tool: "pan" }, 2);
    h.do({ type: "setTheme", theme: "dark" }, 3);
    h.do({ type: "setSidebar", side: "cells", open: false }, 4);
    expect(h.undo()).toMatchObject({
      genes: [],
      camera: { zoom: 3 },
      tool: "pan",
      theme: "dark",
      cells: { open: false },
    });
    expect(h.canUndo).toBe(false);
  });

  it("brings the camera home with another embedding", () => {
    const h = history();
    h.do({ type: "setEmbedding", embedding: "pca" }, 0);
    h.do({ type: "setCamera", camera: { x: 0, y: 0, zoom: 3 } }, 1);
    expect(h.undo()).toMatchObject({ embedding: null, camera: { zoom: 1 } });
  });

  it("reaches back at least fifty steps", () => {
    const h = history();
    for (let i = 0; i < 60; i++) h.do({ type: "addGenes", genes: [`G${i}`] }, i);
    for (let i = 0; i < 50; i++) h.undo();
    expect(h.view.genes).toHaveLength(10);
  });

  it("takes a handle nudged several times as one step, a pause later as another", () => {
    const h = history();
    for (const now of [0, 300, 600]) h.do({ type: "setRange", source, min: now, max: 1000 }, now);
    h.do({ type: "setRange", source, min: 700, max: 1000 }, 5000);
    h.undo();
    expect(h.view.filters).toMatchObject([{ min: 600 }]);
    expect(h.undo().filters).toEqual([]);
  });

  it("has nothing to redo after something new", () => {
    const h = history();
    h.do({ type: "addGenes", genes: ["A"] }, 0);
    h.undo();
    h.do({ type: "addGenes", genes: ["B"] }, 1);
    expect(h.canRedo).toBe(false);
    expect(h.redo().genes).toEqual(["B"]);
  });

  it("does not know of amendments", () => {
    const h = history();
    h.amend({ color: { kind: "obs", name: "k" } });
    expect(h.canUndo).toBe(false);
    expect(h.view.color).toEqual({ kind: "obs", name: "k" });
  });
});
