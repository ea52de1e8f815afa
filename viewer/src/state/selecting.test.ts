import { describe, expect, it } from "vitest";
import { type Action, apply } from "./actions";
import { fromFragment } from "./fragment";
import { History } from "./history";
import { initialView } from "./initial";
import { everyLeaf, siftedView } from "./selecting";
import type { Filter, ViewState } from "./state";
import { toFragment } from "./url";
import { validAction, validState } from "./validate";

const category = (column: string, ...values: string[]): Filter => ({
  kind: "categories",
  column,
  mode: "include",
  values,
});
const range: Filter = { kind: "range", source: { kind: "obs", name: "n" }, min: 1, max: 2 };
const cells: Filter = { kind: "cells", key: "k", label: "From Python", count: 3 };

const viewAfter = (view: Partial<ViewState>, ...actions: Action[]): ViewState =>
  actions.reduce(apply, initialView(view));

describe("inverting", () => {
  it("twice is as it was", () => {
    for (const filters of [[category("a", "x")], [range], [category("a", "x"), range]]) {
      const once = viewAfter({ filters }, { type: "invertFilters" });
      expect(once.filters).not.toEqual(filters);
      expect(apply(once, { type: "invertFilters" }).filters).toEqual(filters);
    }
  });

  it("of nothing is nothing", () => {
    expect(viewAfter({}, { type: "invertFilters" }).filters).toEqual([]);
  });
});

describe("and, or", () => {
  const filters = [category("a", "x"), category("b", "y"), range];

  it("joins neighbors to one filter, and takes them apart again", () => {
    const one = viewAfter({ filters }, { type: "joinFilters", index: 0 });
    expect(one.filters).toHaveLength(2);
    const all = apply(one, { type: "joinFilters", index: 0 });
    expect(all.filters).toEqual([{ kind: "group", op: "any", not: false, filters }]);
    expect(apply(all, { type: "splitGroup", index: 0 }).filters).toEqual(filters);
  });

  it("loses nothing when two of one column come apart", () => {
    const joined = viewAfter({ filters: [category("a", "x"), range] }, { type: "joinFilters", index: 0 });
    const clash = apply(joined, { type: "onlyCategory", column: "a", value: "y" });
    const split = apply(clash, { type: "splitGroup", index: 0 });
    expect(everyLeaf(split)).toEqual([category("a", "x"), range, category("a", "y")]);
  });

  it("removes one of a group; the last one stands alone", () => {
    const joined = viewAfter({ filters: filters.slice(0, 2) }, { type: "joinFilters", index: 0 });
    expect(apply(joined, { type: "removeFilter", index: 0, within: 0 }).filters).toEqual([
      category("b", "y"),
    ]);
  });

  it("inverts one of a group", () => {
    const joined = viewAfter({ filters: filters.slice(0, 2) }, { type: "joinFilters", index: 0 });
    const { filters: found } = apply(joined, { type: "negateFilter", index: 0, within: 1 });
    expect(everyLeaf({ filters: found })[1]).toEqual({ ...category("b", "y"), mode: "exclude" });
  });
});

describe("subsets", () => {
  it("stack, and come off one by one or all at once", () => {
    const two = viewAfter(
      { filters: [category("a", "x")] },
      { type: "subset" },
      { type: "setFilters", filters: [range] },
      { type: "subset" },
    );
    expect(two.subset).toEqual([[category("a", "x")], [range]]);
    expect(two.filters).toEqual([]);
    expect(apply(two, { type: "resetSubset", levels: 1 }).subset).toEqual([[category("a", "x")]]);
    expect(apply(two, { type: "resetSubset" }).subset).toEqual([]);
  });

  it("gives way to what Python selects, and undo brings it back", () => {
    const history = new History(initialView({ subset: [[range]] }));
    history.do({ type: "selectCells", key: "k", label: "from Python", count: 1 }, 0);
    expect(history.view.subset).toEqual([]);
    expect(history.undo().subset).toEqual([[range]]);
  });
});

describe("named selections", () => {
  it("are kept with the subset that they were made in", () => {
    const view = viewAfter(
      { subset: [[range]], filters: [category("a", "x")] },
      { type: "saveSelection", name: " mine " },
    );
    expect(view.selections).toEqual([{ name: "mine", filters: [range, category("a", "x")] }]);
  });

  it("are combined with what is selected", () => {
    const selections = [{ name: "mine", filters: [range] }];
    const group = { kind: "group", op: "all", not: false, filters: [range], name: "mine" };
    const with_ = (mode: "replace" | "and" | "or" | "without") =>
      viewAfter(
        { selections, filters: [category("a", "x")] },
        { type: "recallSelection", name: "mine", mode },
      ).filters;
    expect(with_("replace")).toEqual([range]);
    expect(with_("and")).toEqual([category("a", "x"), group]);
    expect(with_("without")).toEqual([category("a", "x"), { ...group, not: true }]);
    expect(with_("or")).toEqual([
      { kind: "group", op: "any", not: false, filters: [category("a", "x"), group] },
    ]);
  });

  it("keep their names apart", () => {
    const selections = [
      { name: "a", filters: [range] },
      { name: "b", filters: [range] },
    ];
    expect(viewAfter({ selections }, { type: "renameSelection", name: "a", to: "b" }).selections).toEqual(
      selections,
    );
    expect(viewAfter({ selections }, { type: "deleteSelection", name: "a" }).selections).toHaveLength(1);
  });
});

describe("from outside", () => {
  const group: Filter = { kind: "group", op: "any", not: true, filters: [range, category("a", "x")] };

  it("a link carries all of it, but for sets of cells", () => {
    const view = initialView({
      filters: [{ ...group, filters: [range, cells] }],
      subset: [[category("a", "x")], [cells]],
      selections: [{ name: "mine", filters: [group] }],
      clip: [1, 99],
      centroids: true,
      hoverColumns: [{ kind: "gene", name: "LYZ" }],
    });
    const { state, problems } = fromFragment(toFragment(view));
    expect(problems).toEqual([]);
    expect(state).toMatchObject({
      filters: [{ ...group, filters: [range] }],
      subset: [[category("a", "x")]],
      selections: view.selections,
      clip: [1, 99],
      centroids: true,
      hoverColumns: view.hoverColumns,
    });
  });

  it.each([
    { filters: [{ ...group, op: "some" }] },
    { filters: [{ ...group, filters: [{ kind: "group" }] }] },
    { filters: [deep(12)] },
    { subset: [range] },
    { clip: [99, 1] },
    { clip: [0, 101] },
    { selections: [{ name: "", filters: [] }] },
  ])("nonsense is refused: %j", (state) => {
    expect(validState(state).problems).toHaveLength(1);
  });

  it("a group in a group in a group without end is refused, not followed", () => {
    expect(validState({ filters: [deep(5000)] }).problems).toHaveLength(1);
  });

  it("actions are checked", () => {
    expect(validAction({ type: "setClip", low: 1, high: 99 })).not.toBeNull();
    expect(validAction({ type: "setClip", low: 1 })).toBeNull();
    expect(validAction({ type: "recallSelection", name: "a", mode: "xor" })).toBeNull();
  });

  it("leaves are sifted at any depth", () => {
    const nested: Filter = {
      kind: "group",
      op: "all",
      not: false,
      filters: [{ ...group, filters: [cells] }],
    };
    expect(siftedView({ filters: [nested, range] }, ({ kind }) => kind !== "cells").filters).toEqual([range]);
  });
});

function deep(levels: number): Filter {
  let filter: Filter = range;
  for (let i = 0; i < levels; i++) filter = { kind: "group", op: "any", not: false, filters: [filter] };
  return filter;
}
