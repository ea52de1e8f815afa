// @vitest-environment jsdom
import { afterEach, describe, expect, it, vi } from "vitest";
import { ApiError, Expired } from "../api/errors";
import { FakeClient } from "../api/fake";
import type { PageConfig } from "../api/types";
import { toBase64 } from "../lib/base64";
import { packBits } from "../lib/bitset";
import { arrival, enter } from "./link";
import { createViewer, type Viewer } from "./viewer";

const SECRET = "0123456789abcdef0123456789abcdef01234567";
const CONFIG: PageConfig = {
  id: "0".repeat(16),
  title: "Shared view",
  root: "/cxg/d/0/",
  capability: null,
  version: "0",
  link: "1".repeat(16),
};

let viewer: Viewer | null = null;
afterEach(() => {
  viewer?.dispose();
  viewer = null;
  history.replaceState(null, "", "/");
});

async function guest(client: FakeClient) {
  viewer = createViewer({ ...CONFIG, capability: `${CONFIG.link}.${SECRET}` }, { client });
  const made = viewer;
  await vi.waitFor(() => {
    const { dataset, fatal } = made.store.getState();
    expect(dataset ?? fatal).not.toBeNull();
  });
  return { viewer: made, state: () => made.store.getState() };
}

function sharing(state: unknown, cells: Record<string, string> = {}): FakeClient {
  const client = new FakeClient();
  client.view = { link: { expires: "2026-11-28T09:00:00+00:00" }, state, cells };
  return client;
}

describe("the address", () => {
  it("gives up the secret, and the capability has it", () => {
    history.replaceState(null, "", `/cxg/s/x#k=${SECRET}`);
    expect(enter(CONFIG).capability).toBe(`${CONFIG.link}.${SECRET}`);
    expect(location.href).toMatch(/\/cxg\/s\/x$/);
  });

  it.each([
    "",
    "#",
    "#k=",
    `#k=${SECRET.slice(1)}`,
    `#k=${SECRET}0`,
    "#state=%7B%7D",
    `#k=${"g".repeat(40)}`,
  ])("without a whole secret opens nothing: %s", (fragment) => {
    history.replaceState(null, "", `/cxg/s/x${fragment}`);
    const config = enter(CONFIG);
    expect(config.capability).toBeNull();
    const client = new FakeClient();
    viewer = createViewer(config, { client });
    expect(viewer.store.getState().fatal).toMatchObject({ title: "Open the link again", final: true });
    expect(client.asked).toEqual([]);
  });

  it("of an owner's page is left alone", () => {
    history.replaceState(null, "", "/cxg/d/x/#state=%7B%7D");
    const { link, ...owned } = { ...CONFIG, capability: "c" };
    expect(enter(owned)).toBe(owned);
    expect(location.hash).toBe("#state=%7B%7D");
  });

  it("of a guest's page does not follow the view", async () => {
    const { viewer } = await guest(sharing({}));
    viewer.do({ type: "setPalette", palette: "magma" });
    await viewer.settled();
    viewer.dispose(); // writes what is waiting
    expect(location.hash).toBe("");
  });
});

describe("what a link shows", () => {
  it("is asked for with the dataset, and painted first", async () => {
    const client = sharing({ color: { kind: "gene", name: "CD3D" }, embedding: "pca", palette: "magma" });
    const gene = client.data.genes[0]!;
    client.view.state = { color: { kind: "gene", name: gene }, embedding: "pca", palette: "magma" };
    const { state } = await guest(client);
    expect(client.asked.slice(0, 7)).toEqual([
      "schema",
      "config",
      "colors",
      "status",
      "view",
      "layout/obs?layout-name=pca",
      expect.stringContaining("data/var?var:name_0="),
    ]);
    expect(state().view).toMatchObject({ color: { name: gene }, embedding: "pca", palette: "magma" });
    expect(state().canUndo).toBe(false);
    expect(state().link).toEqual({ expires: "2026-11-28T09:00:00+00:00" });
    expect(state().columns["layout/pca" as never]).toBe("ready");
  });

  it("includes sets of cells", async () => {
    const mask = new Uint8Array(500).fill(1, 0, 7);
    const filter = { kind: "cells", key: "python-1", label: "from Python", count: 7 };
    const { viewer, state } = await guest(
      sharing({ filters: [filter] }, { "python-1": toBase64(packBits(mask)) }),
    );
    await viewer.settled();
    expect(state().tally.selected).toBe(7);
  });

  it("leaves out sets of cells that are gone, and what makes no sense, with a word", async () => {
    const filter = { kind: "cells", key: "python-1", label: "from Python", count: 7 };
    const { viewer, state } = await guest(sharing({ filters: [filter], tool: "hammer", color: null }));
    await viewer.settled();
    expect(state().view.filters).toEqual([]);
    expect(state().view.color).toBeNull();
    expect(state().notices.map(({ message }) => message)).toEqual([
      expect.stringContaining('"tool" makes no sense'),
      expect.stringContaining("cells that the data no longer have"),
    ]);
    expect(arrival({ link: null, state: 3, cells: {} }).state).toEqual({});
  });

  it("offers no sharing", async () => {
    const { viewer } = await guest(sharing({}));
    expect(viewer.sharing).toBeNull();
  });
});

describe("a link that does not work", () => {
  it.each([
    [new Expired("This link was revoked."), "This link does not work any more"],
    [new ApiError("sharing_off", "Sharing is off."), "Sharing is switched off"],
    [new ApiError("not_found", "Nothing."), "The data of this view is gone"],
  ])("says why: %s", async (error, title) => {
    const client = sharing({});
    client.refuse("schema", error);
    const { state } = await guest(client);
    expect(state().fatal).toEqual({ title, message: error.message, final: true });
  });
});
