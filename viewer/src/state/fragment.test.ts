// @vitest-environment jsdom
import { afterEach, describe, expect, it, vi } from "vitest";
import { FakeClient } from "../api/fake";
import { fromFragment, pageFragment } from "./fragment";
import { initialView } from "./initial";
import type { Filter, ViewState } from "./state";
import { toFragment } from "./url";
import { createViewer } from "./viewer";

const VIEW: ViewState = initialView({
  embedding: "pca",
  color: { kind: "gene", name: "HLA-DRA/ß,=&#" },
  filters: [
    { kind: "categories", column: "k", mode: "exclude", values: ["a", null] },
    { kind: "range", source: { kind: "obs", name: "n" }, min: 0.1, max: 2 },
    {
      kind: "region",
      embedding: "pca",
      steps: [
        {
          mode: "replace",
          shape: "lasso",
          points: [
            [0, 0],
            [1, 0],
            [0.123456789, 1],
          ],
        },
      ],
    },
  ],
  genes: ["CD3D"],
  camera: { x: 0.123456789, y: 0.5, zoom: 2 },
  theme: "dark",
});

afterEach(() => {
  vi.useRealTimers();
  history.replaceState(null, "", "/");
});

describe("a fragment", () => {
  it("brings back the view, with points as precise as can be seen", () => {
    const { state, problems } = fromFragment(toFragment(VIEW));
    expect(problems).toEqual([]);
    const region = VIEW.filters[2] as Extract<Filter, { kind: "region" }>;
    const rounded = {
      ...region,
      steps: [
        {
          ...region.steps[0]!,
          points: [
            [0, 0],
            [1, 0],
            [0.12346, 1],
          ],
        },
      ],
    };
    expect({ ...initialView(), ...state }).toEqual({
      ...VIEW,
      filters: [...VIEW.filters.slice(0, 2), rounded],
    });
  });

  it("says only what is not as at first, but always what colors", () => {
    expect(JSON.parse(decodeURIComponent(toFragment(initialView()).slice(7)))).toEqual({
      version: 1,
      color: null,
    });
  });

  it("leaves sets of cells behind, which no other page knows", () => {
    const view = initialView({ filters: [{ kind: "cells", key: "p", label: "x", count: 1 }] });
    expect(fromFragment(toFragment(view)).state.filters ?? []).toEqual([]);
  });

  it.each([
    ["of somebody else", "#section-2", "not a view of this viewer"],
    ["that was cut", toFragment(VIEW).slice(0, -20), "damaged"],
    ["that is no JSON", "#state=%7Bx", "damaged"],
    ["of another version", `#state=${encodeURIComponent('{"version":9}')}`, "another version"],
    ["that is a list", "#state=[]", "not an object"],
  ])("%s is ignored with a word about it", (_, fragment, words) => {
    const { state, problems } = fromFragment(fragment);
    expect(state).toEqual({});
    expect(problems).toHaveLength(1);
    expect(problems[0]).toContain(words);
  });

  it("keeps what makes sense and names what does not", () => {
    const given = { color: { kind: "obs", name: "k" }, camera: { x: 1, y: 1, zoom: -1 }, genes: "CD3D" };
    const { state, problems } = fromFragment(`#state=${encodeURIComponent(JSON.stringify(given))}`);
    expect(state).toEqual({ color: { kind: "obs", name: "k" } });
    expect(problems.join(" ")).toMatch(/"genes".*"camera"/);
  });
});

describe("the page's URL", () => {
  it("follows the view, soon and once", () => {
    vi.useFakeTimers();
    const replace = vi.spyOn(history, "replaceState");
    const fragment = pageFragment({ onPaste: () => {}, onTravel: () => {} });
    fragment.write(initialView());
    fragment.write(VIEW);
    expect(replace).not.toHaveBeenCalled();
    vi.advanceTimersByTime(300);
    expect(replace).toHaveBeenCalledOnce();
    expect(location.hash).toBe(toFragment(VIEW));
    fragment.dispose();
  });

  it("is obeyed when somebody pastes another, not when it is our own", () => {
    const pasted = vi.fn();
    const fragment = pageFragment({ onPaste: pasted, onTravel: () => {} });
    fragment.write(VIEW);
    fragment.flush();
    window.dispatchEvent(new HashChangeEvent("hashchange"));
    expect(pasted).not.toHaveBeenCalled();
    location.hash = "#state=%7B%22theme%22%3A%22dark%22%7D";
    window.dispatchEvent(new HashChangeEvent("hashchange"));
    expect(pasted).toHaveBeenCalledWith({ state: { theme: "dark" }, problems: [], madeOn: 1 });
    fragment.dispose();
  });
});

describe("a viewer opened with a fragment", () => {
  const config = { id: "0", title: "t", root: "/", capability: "c", version: "0" };

  async function opened(state: object) {
    history.replaceState(null, "", `#state=${encodeURIComponent(JSON.stringify(state))}`);
    const client = new FakeClient();
    const viewer = createViewer(config, { client });
    await vi.waitFor(() => expect(viewer.store.getState().dataset).not.toBeNull());
    await viewer.settled();
    return { client, viewer, state: () => viewer.store.getState() };
  }

  it("asks for what it shows in the first round", async () => {
    const { client, viewer, state } = await opened({
      embedding: "pca",
      color: { kind: "gene", name: "LYZ" },
    });
    expect(client.asked.slice(4, 6)).toEqual(["layout/obs?layout-name=pca", "data/var?var:name_0=LYZ"]);
    expect(state().columns["gene/LYZ"]).toBe("ready");
    expect(state().tally).toEqual({ total: 500, inside: 500, drawn: 400, selected: 500 });
    expect(client.asked.filter((question) => question.includes("LYZ"))).toHaveLength(1);
    viewer.dispose();
  });

  it("keeps no color where none was chosen", async () => {
    const { viewer, state } = await opened({ color: null });
    expect(state().view.color).toBeNull();
    viewer.dispose();
  });

  it("drops what this dataset does not have, and says what", async () => {
    const { viewer, state } = await opened({
      embedding: "tsne",
      color: { kind: "gene", name: "typo" },
      genes: ["CD3D", "other"],
      filters: [{ kind: "categories", column: "nope", mode: "include", values: ["a"] }],
    });
    await viewer.genes.load();
    await vi.waitFor(() => expect(state().view.genes).toEqual(["CD3D"]));
    expect(state().view).toMatchObject({
      embedding: null,
      color: { kind: "obs", name: "cluster" },
      filters: [],
    });
    await vi.waitFor(() => expect(state().columns["layout/umap"]).toBe("ready"));
    expect(state().notices.map((notice) => notice.message)).toEqual([
      'There is no embedding "tsne" in this dataset.',
      'There is no column "nope" in this dataset.',
      'There is no gene "typo" in this dataset.',
      'There is no gene "other" in this dataset.',
    ]);
    expect(state().canUndo).toBe(false);
    viewer.dispose();
  });
});

describe("the browser's back and forward", () => {
  const red = initialView({ genes: ["A"] });
  const blue = initialView({ genes: ["B"] });
  const start = () => {
    const onTravel = vi.fn();
    const push = vi.spyOn(history, "pushState");
    history.replaceState(null, "", "#");
    const fragment = pageFragment({ onPaste: () => {}, onTravel });
    const write = (view: typeof red, step?: boolean) => {
      fragment.write(view, step);
      fragment.flush();
    };
    return { onTravel, push, fragment, write };
  };
  afterEach(() => vi.restoreAllMocks());

  it("have an entry for each step, and none for what is no step", () => {
    const { push, fragment, write } = start();
    write(red, true); // the first: nothing to go back to
    write({ ...red, camera: { x: 0, y: 0, zoom: 2 } });
    write({ ...red, theme: "dark" }, true);
    expect(push).not.toHaveBeenCalled();
    write(blue, true);
    expect(push).toHaveBeenCalledOnce();
    write({ ...blue, genes: [] }); // a name that the dataset does not have is dropped
    expect(push).toHaveBeenCalledOnce();
    fragment.dispose();
  });

  it("show the view of the entry, which is then no new step", () => {
    const { onTravel, push, fragment, write } = start();
    write(red, true);
    write(blue, true);
    history.replaceState({ cxg: red }, "", toFragment(red)); // as the browser has gone back
    window.dispatchEvent(new PopStateEvent("popstate", { state: { cxg: red } }));
    expect(onTravel.mock.calls[0]?.[0].state.genes).toEqual(["A"]);
    write(red, true);
    expect(push).toHaveBeenCalledOnce();
    fragment.dispose();
  });

  it("leave entries alone that are not ours", () => {
    const { onTravel, fragment } = start();
    window.dispatchEvent(new PopStateEvent("popstate", { state: { other: 1 } }));
    window.dispatchEvent(new PopStateEvent("popstate", { state: null }));
    expect(onTravel).not.toHaveBeenCalled();
    fragment.dispose();
  });
});
