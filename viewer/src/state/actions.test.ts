import { describe, expect, it } from "vitest";
import { type Action, apply } from "./actions";
import { initialView } from "./initial";
import type { Filter, RegionStep, ViewState } from "./state";

const ALL = ["a", "b", "c", null];

function after(...actions: Action[]): ViewState {
  return actions.reduce(apply, initialView());
}

const filters = (...actions: Action[]): Filter[] => after(...actions).filters;
const toggle = (value: string | null): Action => ({ type: "toggleCategory", column: "k", value, all: ALL });

describe("tick boxes", () => {
  it("untick one category, then another", () => {
    expect(filters(toggle("b"))).toEqual([
      { kind: "categories", column: "k", mode: "exclude", values: ["b"] },
    ]);
    expect(filters(toggle("b"), toggle(null))).toEqual([
      { kind: "categories", column: "k", mode: "exclude", values: ["b", null] },
    ]);
  });

  it("keep the shorter list", () => {
    expect(filters(toggle("a"), toggle("b"), toggle("c"))).toEqual([
      { kind: "categories", column: "k", mode: "include", values: [null] },
    ]);
  });

  it("all ticked are no filter", () => {
    expect(filters(toggle("a"), toggle("a"))).toEqual([]);
  });

  it("of the whole column: none, then all", () => {
    const flip: Action = { type: "toggleAllCategories", column: "k", all: ALL };
    expect(filters(flip)).toEqual([{ kind: "categories", column: "k", mode: "include", values: [] }]);
    expect(filters(flip, flip)).toEqual([]);
    expect(filters(toggle("a"), flip)).toEqual([]);
  });

  it("isolate one", () => {
    const only: Action = { type: "onlyCategory", column: "k", value: "c" };
    expect(filters(toggle("c"), only)).toEqual([
      { kind: "categories", column: "k", mode: "include", values: ["c"] },
    ]);
  });
});

describe("ranges", () => {
  const source = { kind: "obs", name: "n" } as const;

  it("replace the one of the same source and keep its place", () => {
    const other = { kind: "gene", name: "n" } as const;
    const found = filters(
      { type: "setRange", source, min: 1, max: 2 },
      { type: "setRange", source: other, min: 0, max: 1 },
      { type: "setRange", source, min: 5, max: 3 },
    );
    expect(found).toEqual([
      { kind: "range", source, min: 3, max: 5 },
      { kind: "range", source: other, min: 0, max: 1 },
    ]);
    expect(apply(initialView({ filters: found }), { type: "clearRange", source }).filters).toHaveLength(1);
  });
});

describe("regions", () => {
  const step = (mode: RegionStep["mode"], size = 1): Action => ({
    type: "region",
    embedding: "umap",
    step: {
      mode,
      shape: "rectangle",
      points: [
        [0, 0],
        [size, size],
      ],
    },
  });
  const modes = (...actions: Action[]) => {
    const [filter] = filters(...actions);
    return filter?.kind === "region" ? filter.steps.map(({ mode }) => mode) : null;
  };

  it("are drawn on with Shift and Alt, and begin anew without", () => {
    expect(modes(step("replace"), step("add"), step("subtract"))).toEqual(["replace", "add", "subtract"]);
    expect(modes(step("replace"), step("add"), step("replace"))).toEqual(["replace"]);
  });

  it("go away when a new one encloses nothing; adding nothing changes nothing", () => {
    expect(modes(step("replace"), step("replace", 0))).toBeNull();
    expect(modes(step("replace"), step("add", 0))).toEqual(["replace"]);
  });

  it("of several embeddings hold together", () => {
    const other: Action = { ...step("replace"), embedding: "pca" } as Action;
    expect(filters(step("replace"), other)).toHaveLength(2);
  });
});

it("cells selected in Python replace every filter", () => {
  const select: Action = { type: "selectCells", key: "p", label: "from Python", count: 3 };
  expect(filters(toggle("a"), select)).toEqual([{ kind: "cells", key: "p", label: "from Python", count: 3 }]);
});

it("genes are added newest first, each once", () => {
  const { genes } = after(
    { type: "addGenes", genes: ["A", "B", "A"] },
    { type: "addGenes", genes: ["C", "B"] },
  );
  expect(genes).toEqual(["C", "A", "B"]);
});

it("another embedding brings the camera home", () => {
  const camera = { x: 0.1, y: 0.2, zoom: 9 };
  const view = after({ type: "setCamera", camera }, { type: "setEmbedding", embedding: "pca" });
  expect(view.camera).toEqual({ x: 0.5, y: 0.5, zoom: 1 });
});

it("what changes nothing gives the same state", () => {
  const view = initialView();
  const nothing: Action[] = [
    { type: "colorBy", color: null },
    { type: "clearFilters" },
    { type: "removeGene", gene: "none" },
    { type: "setState", state: { filters: [], camera: { x: 0.5, y: 0.5, zoom: 1 } } },
    { type: "setSidebar", side: "cells", open: true },
  ];
  for (const action of nothing) expect(apply(view, action)).toBe(view);
});

it("never writes into the state it is given", () => {
  const view = initialView({
    filters: [{ kind: "range", source: { kind: "obs", name: "n" }, min: 0, max: 1 }],
  });
  const before = JSON.stringify(view);
  for (const action of [toggle("a"), { type: "removeFilter", index: 0 }, { type: "setTool", tool: "pan" }]) {
    apply(view, action as Action);
  }
  expect(JSON.stringify(view)).toBe(before);
});
