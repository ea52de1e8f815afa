import { afterEach, describe, expect, it, vi } from "vitest";
import type { Client } from "../api/client";
import { ApiError, Unreachable } from "../api/errors";
import { type Annotated, type Labels, sized } from "../data/labels";
import { fromBase64 } from "../lib/base64";
import { inflate } from "../lib/deflate";
import { Annotating } from "./annotating";
import { AnnotationSync, type SyncPace } from "./annotationSync";
import type { Beside } from "./history";
import { initialView } from "./initial";
import { createAppStore, type DatasetInfo } from "./store";
import { UnsentKeeper } from "./unsent";

const N = 4;
const PACE: SyncPace = { look: 1e9, idle: 1e9, retry: () => 1 };

/** What the server does, without one: columns, a token, and answers that get lost. */
class Server {
  all = new Map<string, Labels>();
  lines: string[] = [];
  fault: "away" | "lost" | null = null;
  private version = 0;

  get token(): string {
    return String(this.version);
  }

  change(name: string, cells: (string | null)[] | null): void {
    if (cells) this.all.set(name, labels(cells));
    else this.all.delete(name);
    this.version += 1;
  }

  async save({ columns, remove, token, what }: Body): Promise<{ version: number; token: string }> {
    if (this.fault === "away") throw new Unreachable();
    if (token !== this.token) throw new ApiError("conflict", "changed");
    for (const [name, { categories, codes }] of Object.entries(columns)) {
      const bytes = await inflate(fromBase64(codes));
      this.all.set(name, sized(categories, new Int32Array(bytes.buffer)));
    }
    for (const name of remove) this.all.delete(name);
    this.version += 1;
    this.lines.push(what);
    if (this.fault === "lost") {
      this.fault = null;
      throw new Unreachable();
    }
    return { version: this.version, token: this.token };
  }
}

interface Body {
  columns: Record<string, { categories: string[]; codes: string }>;
  remove: string[];
  token: string;
  what: string;
}

const labels = (cells: (string | null)[]): Labels => {
  const categories = [...new Set(cells.filter((cell) => cell !== null))];
  return { categories, codes: Int8Array.from(cells, (c) => (c === null ? -1 : categories.indexOf(c))) };
};
const cells = (found: Labels | undefined) =>
  found && Array.from(found.codes, (code) => (code < 0 ? null : found.categories[code]));

const open: AbortController[] = [];
afterEach(() => {
  for (const controller of open.splice(0)) controller.abort();
});

async function viewerOf(server: Server, page = { name: "" }) {
  const dataset = { nObs: N, obs: [{ name: "own", kind: "categorical" }], obsIndex: "name_0" };
  const store = createAppStore(initialView());
  store.setState({ dataset: dataset as unknown as DatasetInfo });
  const controller = new AbortController();
  open.push(controller);
  const call = async (_: string, route: string, body: unknown) => {
    if (route === "annotations") return server.save(body as Body);
    throw new ApiError("error", route);
  };
  const sync = new AnnotationSync(
    { call } as unknown as Client,
    new UnsentKeeper("/d/1/", page),
    controller.signal,
    PACE,
  );
  sync.server.read = async () => {
    if (server.fault === "away") throw new Unreachable();
    return { all: new Map(server.all) as Annotated, token: server.token, collection: "" };
  };
  const steps: Beside[] = [];
  const said: string[] = [];
  const viewer = {
    store,
    steps,
    said,
    mask: Uint8Array.of(1, 1, 0, 0),
    state: () => store.getState().annotations,
    saved: () => vi.waitFor(() => expect(store.getState().annotations.status).toBe("saved")),
  };
  const annotations = new Annotating(
    store,
    {
      put: () => {},
      column: () => undefined,
      selected: () => viewer.mask,
      record: (beside, changes) => {
        steps.push(beside);
        store.setState(({ view }) => ({ view: { ...view, ...changes } }));
      },
      amend: (changes) => store.setState(({ view }) => ({ view: { ...view, ...changes(view) } })),
      notify: (message) => said.push(message),
    },
    sync,
  );
  annotations.start();
  if (server.fault !== "away") await viewer.saved();
  return Object.assign(viewer, { annotations, sync });
}

describe("annotating", () => {
  it("saves each edit, with what was done and by what the cells were chosen", async () => {
    const server = new Server();
    const { annotations, saved, store } = await viewerOf(server);
    const filter = { kind: "range", source: { kind: "gene", name: "CD3D" }, min: 1, max: 2.5 } as const;
    store.setState(({ view }) => ({ view: { ...view, filters: [filter] } }));
    expect(annotations.assign("kind", " T  cell ")).toBeNull();
    expect(cells(annotations.all.get("kind"))).toEqual(["T cell", "T cell", null, null]);
    await saved();
    expect(cells(server.all.get("kind"))).toEqual(["T cell", "T cell", null, null]);
    expect(server.lines).toEqual(["kind: 2 cells → T cell (CD3D 1 to 2.5)"]);
    expect(store.getState().dataset?.obs.at(-1)).toMatchObject({ name: "kind", writable: true });
  });

  it("takes edits back and makes them again, on the server too", async () => {
    const server = new Server();
    const { annotations, saved, steps } = await viewerOf(server);
    annotations.assign("kind", "T");
    annotations.renameLabel("kind", "T", "T cell");
    steps[1]!.undo();
    expect(annotations.labels("kind")).toEqual(["T"]);
    steps[0]!.undo();
    expect(annotations.names()).toEqual([]);
    steps[0]!.redo();
    await saved();
    expect(cells(server.all.get("kind"))).toEqual(["T", "T", null, null]);
  });

  it("keeps changes while the server is away, and saves them once it is back", async () => {
    const server = new Server();
    const page = { name: "" };
    const { annotations, saved, state } = await viewerOf(server, page);
    server.fault = "away";
    annotations.assign("kind", "T");
    annotations.addLabel("kind", "B");
    await vi.waitFor(() => expect(state()).toMatchObject({ status: "waiting", unsaved: 2 }));
    expect(server.all.size).toBe(0);
    server.fault = null;
    await saved();
    expect(server.all.get("kind")!.categories).toEqual(["T", "B"]);
    expect(page.name).toBe("");
  });

  it("keeps them over a reload of the page, also beside what others have saved since", async () => {
    const server = new Server();
    server.change("kind", ["a", "a", "a", "a"]);
    const page = { name: "" };
    const before = await viewerOf(server, page);
    server.fault = "away";
    before.annotations.assign("kind", "T");
    await vi.waitFor(() => expect(page.name).toContain("unsent"));
    open.splice(0)[0]!.abort(); // the page is gone
    server.fault = null;
    server.change("kind", ["a", "a", "a", "b"]);
    const after = await viewerOf(server, page);
    await vi.waitFor(() => expect(cells(server.all.get("kind"))).toEqual(["T", "T", "a", "b"]));
    await vi.waitFor(() => expect(page.name).toBe(""));
    expect(cells(after.annotations.all.get("kind"))).toEqual(["T", "T", "a", "b"]);
    expect(server.lines).toEqual(["kind: 2 cells → T"]);
  });

  it("does not save twice what was saved when only the answer was lost", async () => {
    const server = new Server();
    const { annotations, saved, state } = await viewerOf(server);
    server.fault = "lost";
    annotations.assign("kind", "T");
    await saved();
    expect(server.lines).toHaveLength(1);
    expect(state().conflicts).toEqual([]);
  });

  it("shows what another window has saved, and leaves it where both said something else", async () => {
    const server = new Server();
    server.change("kind", ["a", "a", "a", "a"]);
    const { annotations, saved, state } = await viewerOf(server);
    server.change("kind", ["a", "b", "b", "a"]);
    annotations.assign("kind", "T");
    await saved();
    expect(cells(server.all.get("kind"))).toEqual(["T", "b", "b", "a"]);
    expect(cells(annotations.all.get("kind"))).toEqual(["T", "b", "b", "a"]);
    const [conflict] = state().conflicts;
    expect(conflict).toMatchObject({ column: "kind", kind: "cells", cells: 1 });
    annotations.settle(conflict!.id, "copy");
    await saved();
    expect(cells(server.all.get("kind (mine)"))).toEqual(["T", "T", "a", "a"]);
    expect(state().conflicts).toEqual([]);
  });

  it("lets the view go on without a column that somebody else has deleted", async () => {
    const server = new Server();
    server.change("kind", ["a", "a", "a", "a"]);
    const { store, sync } = await viewerOf(server);
    const color = { kind: "obs", name: "kind" } as const;
    store.setState(({ view }) => ({ view: { ...view, color, expanded: ["kind", "own"] } }));
    server.change("kind", null);
    await sync.pull();
    expect(store.getState().view).toMatchObject({ color: null, expanded: ["own"] });
    expect(store.getState().dataset?.obs.map(({ name }) => name)).toEqual(["own"]);
  });

  it("says why a name cannot be, and changes nothing", async () => {
    const server = new Server();
    const { annotations, steps } = await viewerOf(server);
    expect(annotations.create("own")).toMatch("of its own");
    expect(annotations.create("")).toMatch("Give the annotation a name");
    expect(annotations.assign("x", "y".repeat(10_000))).toMatch("this one has 10000");
    expect(annotations.create("kind")).toBeNull();
    expect(annotations.create("kind")).toMatch("already");
    expect(annotations.assign("kind", "T")).toBeNull();
    expect(annotations.assign("kind", "T")).toMatch("already");
    expect(steps).toHaveLength(2);
  });

  it("renames and deletes in the view too", async () => {
    const server = new Server();
    const { annotations, store, saved } = await viewerOf(server);
    annotations.assign("kind", "T");
    const filter = { kind: "categories", column: "kind", mode: "include", values: ["T"] } as const;
    store.setState(({ view }) => ({ view: { ...view, filters: [{ ...filter, values: ["T"] }] } }));
    annotations.rename("kind", "type");
    annotations.renameLabel("type", "T", "T cell");
    expect(store.getState().view.filters).toEqual([{ ...filter, column: "type", values: ["T cell"] }]);
    annotations.remove("type");
    expect(store.getState().view.filters).toEqual([]);
    await saved();
    expect(server.all.size).toBe(0);
  });
});
