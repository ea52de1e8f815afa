import { describe, expect, it } from "vitest";
import { apply } from "./actions";
import {
  type CellGroup,
  type Comparison,
  contentOf,
  filtersOfComparisons,
  groupOfCategory,
  REST,
  restOf,
  withKnownCells,
} from "./comparing";
import { History } from "./history";
import { initialView } from "./initial";
import type { Filter } from "./state";
import { toFragment } from "./url";
import { validAction, validState } from "./validate";

const T = { kind: "category", column: "louvain", value: "T" } as const;
const B = { kind: "category", column: "louvain", value: "B" } as const;
const range: Filter = { kind: "range", source: { kind: "obs", name: "n_genes" }, min: 1, max: 2 };
const comparison = (changes: object = {}): Comparison =>
  ({
    kind: "groups",
    name: "T vs rest",
    a: T,
    b: REST,
    method: "t-test",
    layer: "X",
    ...changes,
  }) as Comparison;
const added = (...all: Comparison[]) =>
  all.reduce((view, each) => apply(view, { type: "addComparison", comparison: each }), initialView());

describe("comparisons in the view", () => {
  it("have names of their own, and the newest is shown", () => {
    const view = added(comparison(), comparison({ b: B }));
    expect(view.comparisons.map(({ name }) => name)).toEqual(["T vs rest (2)", "T vs rest"]);
    expect(view.comparing.shown).toEqual(["T vs rest (2)"]);
  });

  it("are there once: the same one is shown again", () => {
    const view = added(comparison(), comparison({ b: B, name: "other" }), comparison({ name: "again" }));
    expect(view.comparisons).toHaveLength(2);
    expect(view.comparing.shown).toEqual(["T vs rest"]);
  });

  it("are the same whatever they are called, and others by any of their filters", () => {
    const by = (filters: Filter[], name = "Selection") =>
      contentOf(comparison({ a: { kind: "filters", filters, name, count: 3 } }));
    expect(by([range])).toBe(by([range], "other"));
    expect(by([range])).not.toBe(by([{ ...range, source: { kind: "obs", name: "n_counts" } }]));
  });

  it("are renamed and removed where they are shown too, and that can be undone", () => {
    const history = new History(added(comparison()));
    history.do({ type: "renameComparison", name: "T vs rest", to: " mine " }, 0);
    expect(history.view.comparing.shown).toEqual(["mine"]);
    history.do({ type: "removeComparison", name: "mine" }, 5000);
    expect(history.view.comparisons).toEqual([]);
    expect(history.view.comparing.shown).toEqual([]);
    expect(history.undo().comparisons[0]?.name).toBe("mine");
  });

  it("swaps groups, but the rest cannot be A", () => {
    const view = initialView({ groups: { a: T, b: REST } });
    expect(apply(view, { type: "swapGroups" })).toBe(view);
    const both = apply(initialView({ groups: { a: T, b: B } }), { type: "swapGroups" });
    expect(both.groups).toEqual({ a: B, b: T });
  });

  it("takes of a category what the subset keeps, and the rest of the subset", () => {
    expect(groupOfCategory(initialView(), "louvain", "T", 5)).toEqual(T);
    const subset = initialView({ subset: [[range]] });
    const group = groupOfCategory(subset, "louvain", "T", 5);
    expect(group.kind === "filters" && group.filters).toHaveLength(2);
    expect(restOf(subset)).toEqual({ kind: "rest", within: [range] });
    expect(filtersOfComparisons({ groups: { a: group, b: restOf(subset) } })).toHaveLength(3);
  });
});

describe("comparisons from outside", () => {
  const cells: Filter = { kind: "cells", key: "k", label: "mine", count: 2 };
  const kept: CellGroup = { kind: "filters", filters: [cells], name: "mine", count: 2 };

  it("leave no set of cells that only one page knows in an address", () => {
    const view = initialView({
      groups: { a: kept, b: REST },
      comparisons: [comparison({ a: kept }), comparison()],
    });
    expect(withKnownCells(view, (key) => key === "k")).toEqual(view);
    const text = decodeURIComponent(toFragment(view));
    expect(text).not.toContain('"k"');
    expect(text).toContain("T vs rest");
  });

  it("are checked", () => {
    const view = added(comparison());
    expect(validState(view).problems).toEqual([]);
    for (const bad of [
      { comparisons: [comparison({ method: "guess" })] },
      { comparisons: [comparison({ a: { kind: "rest", within: [] } })] },
      { comparisons: [comparison(), comparison({ b: B })] }, // two of one name
      { comparisons: [{ kind: "ranking", name: "x" }] },
      { groups: { a: T, b: null } },
      { comparing: { method: "t-test", layer: "X", shown: ["a", "b", "c"] } },
    ]) {
      expect(validState(bad).problems).toHaveLength(1);
    }
    expect(validAction({ type: "addComparison", comparison: comparison() })).not.toBeNull();
    expect(validAction({ type: "setGroup", side: "a", group: null })).not.toBeNull();
    expect(validAction({ type: "setGroup", side: "b", group: null })).toBeNull();
    expect(validAction({ type: "setComparing", changes: { method: 3 } })).toBeNull();
  });
});
