// @vitest-environment jsdom
import { act, cleanup, fireEvent, render, screen } from "@testing-library/react";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { FakeClient } from "../../api/fake";
import { createViewer, type Viewer } from "../../state/viewer";
import { createTransient, ViewerContext } from "../useViewer";
import { FilterChips } from "./FilterChips";

const CONFIG = { id: "0", title: "made-up", root: "/", capability: "", version: "0" };

let viewer: Viewer;

beforeEach(async () => {
  viewer = createViewer(CONFIG, { client: new FakeClient() });
  await vi.waitFor(() => expect(viewer.columns.get("obs/cluster")).toBeDefined());
  render(
    <ViewerContext value={{ viewer, transient: createTransient() }}>
      <FilterChips />
    </ViewerContext>,
  );
  act(() => {
    viewer.do({ type: "selectCells", key: "cells/1", label: "From Python", count: 7 });
    viewer.do({ type: "onlyCategory", column: "cluster", value: "NK" });
    viewer.do({ type: "onlyCategory", column: "batch", value: "day 1" });
  });
});

afterEach(() => {
  cleanup();
  viewer.dispose();
});

const chips = () => screen.queryAllByRole("button", { name: /^The filter/ }).map((chip) => chip.textContent);

it("stays when a filter before another one goes", () => {
  act(() => viewer.do({ type: "removeFilter", index: 0 }));
  expect(chips()).toEqual(["cluster NK", "batch day 1"]);
});

it("follows filters that change in place, change places or are all replaced", () => {
  act(() => viewer.do({ type: "onlyCategory", column: "cluster", value: "CD4 T" }));
  expect(chips()).toEqual(["From Python 7 cells", "cluster CD4 T", "batch day 1"]);
  act(() => viewer.do({ type: "setFilters", filters: [...viewer.committed().filters].reverse() }));
  expect(chips()).toEqual(["batch day 1", "cluster CD4 T", "From Python 7 cells"]);
  act(() => viewer.do({ type: "selectCells", key: "cells/2", label: "Other", count: 3 }));
  expect(chips()).toEqual(["Other 3 cells"]);
});

it("removes the filter whose button is pressed", () => {
  fireEvent.click(screen.getByRole("button", { name: /Remove the filter cluster NK/ }));
  expect(viewer.committed().filters.map(({ kind }) => kind)).toEqual(["cells", "categories"]);
  expect(chips()).toEqual(["From Python 7 cells", "batch day 1"]);
});

it("takes a list from outside that has two filters of one column", () => {
  const twice = ["B cells", "NK"].map((value) => ({
    kind: "categories" as const,
    column: "cluster",
    mode: "include" as const,
    values: [value],
  }));
  act(() => viewer.do({ type: "setState", state: { filters: twice } }));
  expect(chips()).toEqual(["cluster NK"]);
});
