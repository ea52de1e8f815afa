// @vitest-environment jsdom
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { initialView } from "../state/initial";
import type { FromViewer, HostWelcome, ToViewer } from "./messages";
import widget from "./widget-end";

const ID = "00000000000000ab";

class FakeModel {
  saves = 0;
  alive = true;
  private readonly listeners = new Map<string, Set<() => void>>();

  constructor(readonly traits: Record<string, unknown>) {}

  get<T>(name: string): T {
    return this.traits[name] as T;
  }

  set(name: string, value: unknown): void {
    if (this.traits[name] === value) return;
    this.traits[name] = value;
    for (const listener of this.listeners.get(`change:${name}`) ?? []) listener();
  }

  save_changes(): void {
    if (!this.alive) throw new Error("Cannot send");
    this.saves += 1;
  }

  on(event: string, listener: () => void): void {
    this.listeners.set(event, (this.listeners.get(event) ?? new Set()).add(listener));
  }

  off(event: string, listener: () => void): void {
    this.listeners.get(event)?.delete(listener);
  }

  get listening(): number {
    return [...this.listeners.values()].reduce((sum, set) => sum + set.size, 0);
  }
}

/** What a viewer in the frame would be: says hello, keeps what it is told. */
class FakeViewer {
  readonly told: ToViewer[] = [];
  welcome: HostWelcome | null = null;
  port: MessagePort | null = null;

  constructor(readonly frame: HTMLIFrameElement) {}

  async hello(origin = "null"): Promise<void> {
    const answer = vi.spyOn(this.frame.contentWindow!, "postMessage");
    const source = this.frame.contentWindow;
    window.dispatchEvent(
      new MessageEvent("message", { data: { cxg: "hello", protocol: 1 }, origin, source }),
    );
    const call = answer.mock.calls[0] as unknown as [HostWelcome, string, [MessagePort]] | undefined;
    answer.mockRestore();
    if (!call) return;
    this.welcome = call[0];
    this.port = call[2][0];
    this.port.onmessage = ({ data }) => this.told.push(data);
    await turn();
  }

  async say(message: FromViewer): Promise<void> {
    this.port!.postMessage(message);
    await turn();
  }

  heard<T extends ToViewer["type"]>(type: T): Extract<ToViewer, { type: T }>[] {
    return this.told.filter((message) => message.type === type) as never;
  }
}

const turn = () => new Promise((resolve) => setTimeout(resolve, 20));

let model: FakeModel;
let cleanups: (() => void)[];
let server: () => Response | Promise<Response>;
const asked: [string, RequestInit][] = [];

beforeEach(() => {
  document.body.innerHTML =
    '<script id="jupyter-config-data" type="application/json">{"baseUrl": "/user/someone/"}</script>';
  document.body.dataset.jpThemeLight = "false";
  asked.length = 0;
  server = () => Response.json({ id: ID });
  vi.stubGlobal("fetch", async (url: string, init: RequestInit) => {
    asked.push([url, init]);
    return server();
  });
  model = new FakeModel({
    _snapshot: ID,
    _revision: 1,
    _title: "pbmc",
    _height: 450,
    _progress: null,
    _actions: [],
    _done: 0,
    _cells: {},
    _error: "",
    state: {},
    ready: false,
  });
  cleanups = [];
});

afterEach(() => {
  for (const cleanup of cleanups) cleanup();
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

function show(to = model) {
  const el = document.createElement("div");
  document.body.append(el);
  const cleanup = widget.render({ model: to, el })!;
  cleanups.push(cleanup);
  const viewer = () => new FakeViewer(el.querySelector("iframe")!);
  return { el, viewer, cleanup, card: () => el.querySelector(".cxg-card")?.textContent ?? null };
}

async function connected(to = model) {
  const shown = show(to);
  const viewer = shown.viewer();
  await viewer.hello();
  return { ...shown, viewer };
}

describe("the frame", () => {
  it("is the viewer's page on the notebook's server, with the state in the fragment", () => {
    model.traits.state = { color: { kind: "gene", name: "CD3D" } };
    const { el } = show();
    const frame = el.querySelector("iframe")!;
    const url = new URL(frame.src);
    expect(url.pathname).toBe(`/user/someone/cxg/d/${ID}/`);
    expect(decodeURIComponent(url.hash)).toBe('#state={"version":1,"color":{"kind":"gene","name":"CD3D"}}');
    expect(frame.title).toBe("cxg viewer of pbmc");
    expect(frame.parentElement!.style.height).toBe("450px");
  });

  it("is seen once the viewer speaks, and is told state and theme", async () => {
    model.traits.state = { genes: ["LYZ"] };
    const { viewer } = await connected();
    expect(viewer.frame.style.visibility).toBe("");
    expect(viewer.welcome).toEqual({ cxg: "welcome", protocol: 1, theme: "dark", state: { genes: ["LYZ"] } });
    document.body.dataset.jpThemeLight = "true";
    await turn();
    expect(viewer.heard("theme")).toEqual([{ type: "theme", theme: "light" }]);
  });

  it("gets no answer unless it is the sandboxed viewer", async () => {
    const { viewer } = show();
    const stranger = viewer();
    await stranger.hello("https://evil.example");
    expect(stranger.welcome).toBeNull();
    expect(stranger.frame.style.visibility).toBe("hidden");
  });

  it("is loaded again, with what it showed, when the capability has expired", async () => {
    const { el, viewer } = await connected();
    await viewer.say({
      type: "state",
      state: initialView({ genes: ["LYZ"], camera: { x: 0, y: 0, zoom: 4 } }),
    });
    await viewer.say({ type: "expired" });
    const frame = el.querySelector("iframe")!;
    expect(frame).not.toBe(viewer.frame);
    expect(decodeURIComponent(frame.src)).toContain('"genes":["LYZ"]');
    expect(decodeURIComponent(frame.src)).toContain('"zoom":4');
  });

  it("is not loaded again and again when that does not help", async () => {
    const { el, viewer, card } = await connected();
    await viewer.say({ type: "expired" });
    const second = new FakeViewer(el.querySelector("iframe")!);
    await second.hello();
    await second.say({ type: "expired" });
    expect(card()).toContain("could not be renewed");
    expect(el.querySelector("iframe")).toBeNull();
  });

  it("shows again what it showed when the browser has loaded it anew", async () => {
    const { viewer } = await connected();
    const state = initialView({ genes: ["LYZ"] });
    await viewer.say({ type: "state", state });
    model.traits._actions = [{ seq: 1, action: { type: "clearFilters" } }];
    await viewer.hello();
    expect(viewer.welcome?.state).toEqual(state);
    expect(viewer.heard("actions")).toHaveLength(1);
  });

  it("is loaded again when the data are published again", async () => {
    const { el, viewer } = await connected();
    model.set("_revision", 2);
    expect(el.querySelector("iframe")).not.toBe(viewer.frame);
  });

  it("is forgotten altogether with the output", async () => {
    const { el, cleanup } = await connected();
    cleanup();
    expect(el.childElementCount).toBe(0);
    expect(model.listening).toBe(0);
  });
});

describe("where there is nothing to show, a card says why", () => {
  it.each<[string, () => Response, string]>([
    [
      "the extension is not installed",
      () => new Response('{"message":"Not Found","reason":null}', { status: 404 }),
      "pip install jupyter-cxg",
    ],
    [
      "the snapshot is gone",
      () => Response.json({ code: "not_found", message: "x" }, { status: 404 }),
      "The data of this view is gone. Run the cell again.",
    ],
    [
      "the snapshot is another user's",
      () => Response.json({ code: "forbidden", message: "x" }, { status: 403 }),
      "belongs to somebody else",
    ],
    ["the login is over", () => new Response("<html>", { status: 403 }), "log in"],
  ])("%s", async (_, answer, words) => {
    server = answer;
    const { el, card } = show();
    await turn();
    expect(card()).toContain(words);
    expect(el.querySelector("iframe")).toBeNull();
    expect(asked[0]![0]).toBe(`/user/someone/cxg/api/snapshots/${ID}`);
  });

  it("nobody answers for 15 s: a button tries again", async () => {
    vi.useFakeTimers();
    Object.defineProperty(HTMLElement.prototype, "offsetParent", {
      configurable: true,
      get: () => document.body,
    });
    server = () => Promise.reject(new TypeError("offline"));
    const { el, card } = show();
    await vi.advanceTimersByTimeAsync(14_000);
    expect(card()).toBeNull();
    await vi.advanceTimersByTimeAsync(2000);
    expect(card()).toContain("does not answer");
    expect(el.querySelector("iframe")).toBeNull();
    el.querySelector("button")!.click();
    expect(card()).toBeNull();
    expect(el.querySelector("iframe")).not.toBeNull();
  });
});

it("tells Python the address of the server, once", async () => {
  await connected();
  expect(model.traits._server).toBe(`${location.origin}/user/someone/`);
  const { saves } = model;
  show();
  expect(model.saves).toBe(saves);
});

describe("what the viewer says", () => {
  it("becomes traits", async () => {
    const { viewer } = await connected();
    const state = initialView({ genes: ["LYZ"] });
    await viewer.say({ type: "state", state });
    await viewer.say({ type: "selection", bits: Uint8Array.of(5).buffer, count: 2 });
    await viewer.say({ type: "ready" });
    expect(model.traits).toMatchObject({ state, _selection_count: 2, ready: true });
    expect(new Uint8Array((model.traits._selection_bits as DataView).buffer)).toEqual(Uint8Array.of(5));
    const codes = Int8Array.of(0, -1).buffer;
    await viewer.say({
      type: "annotations",
      columns: [{ name: "kind", categories: ["T"], width: 1, codes, revision: 3 }],
    });
    const [kind] = model.traits._annotations as { name: string; codes: DataView }[];
    expect(kind).toMatchObject({ name: "kind", categories: ["T"], width: 1, revision: 3 });
    expect(new Int8Array(kind!.codes.buffer)).toEqual(Int8Array.of(0, -1));
    await viewer.say({ type: "selection", bits: null, count: 700 });
    expect((model.traits._selection_bits as DataView).byteLength).toBe(0);
    expect(model.traits._selection_count).toBe(-1);
    expect(viewer.heard("setState")).toEqual([]);
  });

  it("does not depend on a kernel", async () => {
    const { viewer, el } = await connected();
    model.alive = false;
    vi.spyOn(console, "debug").mockImplementation(() => {});
    await viewer.say({ type: "state", state: initialView({ genes: ["LYZ"] }) });
    expect(el.querySelector("iframe")).toBe(viewer.frame);
  });

  it("tells the labextension that it is live, in place of the last picture", async () => {
    const live = vi.fn();
    document.body.addEventListener("cxg-render", live);
    const { viewer } = show();
    expect(live).not.toHaveBeenCalled();
    await viewer().hello();
    expect(live).toHaveBeenCalledOnce();
  });

  it("tells the labextension that a picture is here", async () => {
    const { viewer } = await connected();
    const events: unknown[] = [];
    document.body.addEventListener("cxg-picture", (event) => events.push((event as CustomEvent).detail));
    await viewer.say({ type: "picture", png: Uint8Array.of(1, 2, 3).buffer, width: 10, height: 20 });
    await turn();
    expect(events).toEqual([{ png: "AQID", width: 10, height: 20 }]);
  });
});

describe("what Python asks for", () => {
  const action = (seq: number, gene: string) => ({ seq, action: { type: "addGenes", genes: [gene] } });

  it("goes to the viewer once, in order", async () => {
    const { viewer } = await connected();
    model.set("_actions", [action(1, "A")]);
    model.set("_actions", [action(1, "A"), action(2, "B")]);
    await turn();
    expect(viewer.heard("actions").map(({ seq, actions }) => [seq, actions.length])).toEqual([
      [1, 1],
      [2, 1],
    ]);
    await viewer.say({ type: "done", seq: 2 });
    expect(model.traits._done).toBe(2);
  });

  it("waits for a viewer, and is not repeated to one that comes later", async () => {
    Object.assign(model.traits, { _actions: [action(1, "A"), action(2, "B")], _done: 1 });
    const { viewer } = await connected();
    expect(viewer.heard("actions")).toEqual([{ type: "actions", seq: 2, actions: [action(2, "B").action] }]);
  });

  it("about cells comes after the cells", async () => {
    const { viewer } = await connected();
    model.traits._cells = { p: new DataView(Uint8Array.of(9, 7).buffer, 1) };
    const select = { type: "selectCells", key: "p", label: "from Python", count: 3 };
    model.set("_actions", [{ seq: 1, action: select }]);
    await turn();
    expect(viewer.told.map((message) => message.type)).toEqual(["cells", "actions"]);
    expect(new Uint8Array(viewer.heard("cells")[0]!.bits)).toEqual(Uint8Array.of(7));
  });
});

describe("two views of one widget", () => {
  it("show the same colors and filters, each with its own camera", async () => {
    const [one, two] = [await connected(), await connected()];
    const camera = { x: 0, y: 0, zoom: 9 };
    await one.viewer.say({ type: "state", state: initialView({ genes: ["LYZ"], camera }) });
    expect(two.viewer.heard("setState")).toEqual([{ type: "setState", state: sharedOf({ genes: ["LYZ"] }) }]);
    // the second takes it over and says so: nothing goes back and forth
    await two.viewer.say({ type: "state", state: initialView({ genes: ["LYZ"] }) });
    expect(one.viewer.heard("setState")).toEqual([]);
    expect(two.viewer.heard("setState")).toHaveLength(1);
  });

  it("do what Python asks for once; when the first is closed, the second does", async () => {
    const [one, two] = [await connected(), await connected()];
    model.set("_actions", [{ seq: 1, action: { type: "clearFilters" } }]);
    await turn();
    expect([one.viewer.heard("actions").length, two.viewer.heard("actions").length]).toEqual([1, 0]);
    await one.viewer.say({ type: "done", seq: 1 });
    one.cleanup();
    model.set("_actions", [{ seq: 2, action: { type: "clearFilters" } }]);
    await turn();
    expect(two.viewer.heard("actions").map(({ seq }) => seq)).toEqual([2]);
  });
});

it("the height is changed by the handle's keys and remembered", async () => {
  const { el } = await connected();
  const handle = el.querySelector<HTMLElement>("[role=separator]")!;
  Object.defineProperty(handle.previousElementSibling!, "offsetHeight", { value: 450 });
  handle.dispatchEvent(new KeyboardEvent("keydown", { key: "ArrowDown", bubbles: true }));
  expect(model.traits._height).toBe(470);
  expect((handle.previousElementSibling as HTMLElement).style.height).toBe("470px");
});

/** What a view that knows nothing yet is told when another says this state. */
function sharedOf(changes: Partial<ReturnType<typeof initialView>>) {
  const {
    embedding,
    color,
    filters,
    subset,
    selections,
    clip,
    centroids,
    genes,
    palette,
    reversed,
    colorRanges,
    labelColors,
    theme,
    scatter,
    panels,
  } = initialView(changes);
  return {
    embedding,
    color,
    filters,
    subset,
    selections,
    clip,
    centroids,
    genes,
    palette,
    reversed,
    colorRanges,
    labelColors,
    theme,
    scatter,
    panels,
  };
}
