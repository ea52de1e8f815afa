// @vitest-environment jsdom
import { cleanup, fireEvent, render, screen } from "@testing-library/react";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { ApiError, Unreachable } from "../../api/errors";
import { FakeClient } from "../../api/fake";
import type { SavedViewDoc, SavedViews } from "../../state/savedViews";
import type { Viewer } from "../../state/viewer";
import { createViewer } from "../../state/viewer";
import { createTransient, ViewerContext } from "../useViewer";
import { ViewsPanel } from "./ViewsPanel";

const CONFIG = { id: "0", title: "made-up", root: "/", capability: "", version: "0", views: true };
const onOpened = vi.fn();

let viewer: Viewer;
let list: SavedViewDoc[];
let fail: Error | null;

const doc = (name: string, more: Partial<SavedViewDoc> = {}): SavedViewDoc => ({
  id: name,
  name,
  about: "umap",
  at: "2026-11-21T09:00:00+00:00",
  revision: 1,
  same_data: true,
  same_cells: true,
  ...more,
});

beforeEach(() => {
  [list, fail] = [[], null];
  vi.stubGlobal("CSS", { escape: (text: string) => text }); // jsdom has none
  viewer = createViewer(CONFIG, { client: new FakeClient() });
  const attempt = async <T,>(work: () => T): Promise<T> => {
    if (fail) throw fail;
    return work();
  };
  const views: SavedViews = {
    list: () => attempt(() => list),
    save: (name) =>
      attempt(() => {
        if (list.some((view) => view.name === name)) throw new ApiError("conflict", "There is a view of it.");
        list = [doc(name), ...list];
        return doc(name);
      }),
    open: () => attempt(() => {}),
    replace: (id) => attempt(() => doc(id, { about: "replaced" })),
    rename: (id, name) =>
      attempt(() => {
        list = list.map((view) => (view.id === id ? doc(name) : view));
        return doc(name);
      }),
    remove: (id) =>
      attempt(() => {
        const before = list;
        list = list.filter((view) => view.id !== id);
        return async () => {
          list = before;
          return doc(id);
        };
      }),
  };
  Object.assign(viewer, { views });
});
afterEach(() => {
  cleanup();
  viewer.dispose();
  vi.unstubAllGlobals();
});

const show = () =>
  render(
    <ViewerContext value={{ viewer, transient: createTransient() }}>
      <ViewsPanel onOpened={onOpened} />
    </ViewerContext>,
  );
const press = (name: string | RegExp) => fireEvent.click(screen.getByRole("button", { name }));
const choose = async (view: string, entry: string) => {
  press(`More about ${view}`);
  fireEvent.click(await screen.findByRole("menuitem", { name: entry }));
};
const field = () => screen.getByLabelText<HTMLInputElement>("Save this view as");
const type = (text: string) => fireEvent.change(field(), { target: { value: text } });

it("teaches what a view is, saves one as text and empties the field", async () => {
  show();
  await screen.findByText(/No saved views yet/);
  type("<b>T cells</b>");
  press("Save");
  expect(await screen.findByText("<b>T cells</b>")).toBeTruthy();
  expect(screen.getByText(/was saved\./)).toBeTruthy();
  expect(field().value).toBe("");
});

it("offers to replace the view that has the name, and loses nothing that was typed", async () => {
  list = [doc("A")];
  show();
  await screen.findByText("A");
  type("A");
  press("Save");
  expect((await screen.findByRole("alert")).textContent).toContain("There is a view of it.");
  expect(field().value).toBe("A");
  press("Replace “A”");
  expect(await screen.findByText(/shows what is shown now/)).toBeTruthy();
  expect(field().value).toBe("");
});

it("says that the server is away, and tries again with what was typed", async () => {
  show();
  await screen.findByText(/No saved views yet/);
  fail = new Unreachable();
  type("A");
  press("Save");
  await screen.findByRole("alert");
  expect(field().value).toBe("A");
  fail = null;
  press("Retry");
  expect(await screen.findByRole("button", { name: /^Open A/ })).toBeTruthy();
});

it("opens, and marks what was saved on another revision", async () => {
  list = [doc("A", { same_data: false, revision: 2 })];
  show();
  expect(await screen.findByText(/on revision 2 of the data/)).toBeTruthy();
  press(/^Open A/);
  await vi.waitFor(() => expect(onOpened).toHaveBeenCalledWith("A"));
});

it("renames with Enter, not with Esc, and brings back what was deleted", async () => {
  list = [doc("A")];
  show();
  await screen.findByText("A");
  await choose("A", "Rename");
  const name = await screen.findByLabelText("New name of A");
  fireEvent.change(name, { target: { value: "B" } });
  fireEvent.keyDown(name, { key: "Escape" });
  await screen.findByRole("button", { name: /^Open A/ });
  await choose("A", "Rename");
  fireEvent.change(await screen.findByLabelText("New name of A"), { target: { value: "B" } });
  press("Rename");
  await screen.findByRole("button", { name: /^Open B/ });
  await choose("B", "Delete");
  await screen.findByText(/“B” was deleted/);
  press("Undo");
  await screen.findByRole("button", { name: /^Open B/ });
});
