import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { json } from "./answers";
import { HttpClient, type Reach } from "./client";
import { ApiError } from "./errors";
import type { AnswerHeader, AskBody } from "./types";

const CONFIG = { root: "/user/a/cxg/d/0/", capability: "secret" };

interface Posted {
  url: string;
  init: RequestInit;
  body: AskBody;
  signal: AbortSignal;
  answer(response: Response): void;
  fail(): void;
}

let posts: Posted[];
let client: HttpClient;
let reaches: Reach[];

beforeEach(() => {
  vi.useFakeTimers();
  posts = [];
  reaches = [];
  vi.stubGlobal("fetch", (url: string, init: RequestInit) => {
    return new Promise<Response>((resolve, reject) => {
      const signal = init.signal!;
      signal.addEventListener("abort", () => reject(signal.reason));
      const fail = () => reject(new TypeError("Failed to fetch"));
      posts.push({ url, init, body: JSON.parse(String(init.body)), signal, answer: resolve, fail });
    });
  });
  client = new HttpClient(CONFIG);
  client.onReach((reach) => reaches.push(reach));
});

afterEach(() => {
  client.dispose();
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

/** What the server sends: header, padding to 64, parts at multiples of 64. */
function packed(parts: (string | [status: number, code: string, message: string])[]): Response {
  const chunks: Uint8Array[] = [];
  let offset = 0;
  const answers: AnswerHeader[] = parts.map((part) => {
    if (typeof part !== "string") return { status: part[0], code: part[1], message: part[2] };
    const bytes = new TextEncoder().encode(part);
    const padded = new Uint8Array(Math.ceil(bytes.length / 64) * 64);
    padded.set(bytes);
    chunks.push(padded);
    const header = { status: 200 as const, type: "application/json", offset, length: bytes.length };
    offset += padded.length;
    return header;
  });
  let header = JSON.stringify({ answers });
  header = header.padEnd(Math.ceil((header.length + 4) / 64) * 64 - 4);
  const length = new Uint8Array(4);
  new DataView(length.buffer).setUint32(0, header.length, true);
  return new Response(new Blob([length, header, ...chunks] as BlobPart[]));
}

const tick = () => vi.advanceTimersByTimeAsync(0);
const echo = (post: Posted) => post.answer(packed(post.body.questions.map((q) => JSON.stringify(q))));
const outcome = (promise: Promise<unknown>) => promise.catch((error: unknown) => error);

describe("asking", () => {
  it("sends what is asked in one tick as one simple request", async () => {
    const asked = [client.ask("schema"), client.ask("config")];
    await tick();
    expect(posts).toHaveLength(1);
    expect(posts[0]!.url).toBe("/user/a/cxg/d/0/ask");
    expect(posts[0]!.init.method).toBe("POST");
    expect(posts[0]!.init.headers).toEqual({ "Content-Type": "text/plain" });
    expect(posts[0]!.body).toEqual({ capability: "secret", questions: ["schema", "config"] });
    echo(posts[0]!);
    expect((await Promise.all(asked)).map((answer) => json(answer))).toEqual(["schema", "config"]);
  });

  it("has four requests in flight at most, of which two may be of low priority", async () => {
    for (let i = 0; i < 3; i++) {
      void client.ask(`low${i}`, { priority: "low" });
      await tick();
    }
    expect(posts.map((post) => post.body.questions)).toEqual([["low0"], ["low1"]]);
    for (let i = 0; i < 4; i++) {
      void client.ask(`high${i}`);
      await tick();
    }
    expect(posts.slice(2).map((post) => post.body.questions)).toEqual([["high0"], ["high1"]]);
    echo(posts[0]!);
    await tick();
    // what waited goes together, and before what is less urgent
    expect(posts[4]!.body.questions).toEqual(["high2", "high3"]);
  });

  it("refuses each question on its own", async () => {
    const good = client.ask("schema");
    const bad = outcome(client.ask("data/var?var:name_0=typo"));
    await tick();
    posts[0]!.answer(packed(["{}", [404, "not_found", "There is no gene typo."]]));
    expect(json(await good)).toEqual({});
    expect(await bad).toMatchObject({ code: "not_found", message: "There is no gene typo." });
  });

  it("aborts the request when nobody wants any of its answers", async () => {
    const [a, b] = [new AbortController(), new AbortController()];
    const asked = [
      outcome(client.ask("a", { signal: a.signal })),
      outcome(client.ask("b", { signal: b.signal })),
    ];
    await tick();
    a.abort();
    expect(posts[0]!.signal.aborted).toBe(false);
    b.abort();
    expect(posts[0]!.signal.aborted).toBe(true);
    for (const error of await Promise.all(asked)) expect(error).toMatchObject({ name: "AbortError" });
    expect(reaches).toEqual([]);
  });

  it("leaves nothing at a signal that outlives its questions", async () => {
    const { signal } = new AbortController();
    const removed = vi.spyOn(signal, "removeEventListener");
    const asked = client.ask("a", { signal });
    await tick();
    echo(posts[0]!);
    await asked;
    expect(removed).toHaveBeenCalledWith("abort", expect.any(Function));
  });

  it("never sends what was aborted while it waited", async () => {
    const abort = new AbortController();
    void outcome(client.ask("a", { signal: abort.signal }));
    abort.abort();
    await tick();
    expect(posts).toHaveLength(0);
  });
});

describe("trouble", () => {
  it("asks again what is not ready, later each time", async () => {
    const asked = client.ask("data/var?var:name_0=CD3D");
    await tick();
    for (const delay of [200, 300]) {
      posts.at(-1)!.answer(packed([[503, "not_ready", "X is being copied."]]));
      await tick();
      const before = posts.length;
      await vi.advanceTimersByTimeAsync(delay - 1);
      expect(posts).toHaveLength(before);
      await vi.advanceTimersByTimeAsync(1);
      expect(posts).toHaveLength(before + 1);
    }
    echo(posts.at(-1)!);
    expect(json(await asked)).toBe("data/var?var:name_0=CD3D");
    expect(reaches).toEqual([]);
  });

  it("says that the server is unreachable, tries again, and recovers", async () => {
    const asked = client.ask("schema");
    await tick();
    posts[0]!.fail();
    await tick();
    expect(reaches).toEqual(["unreachable"]);
    void client.ask("config"); // waits, too
    await vi.advanceTimersByTimeAsync(499);
    expect(posts).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(1);
    expect(posts).toHaveLength(2);
    expect(posts[1]!.body.questions).toEqual(["schema", "config"]);
    posts[1]!.answer(new Response("<html>Bad gateway</html>", { status: 502 }));
    await vi.advanceTimersByTimeAsync(1000);
    echo(posts[2]!);
    expect(json(await asked)).toBe("schema");
    expect(reaches).toEqual(["unreachable", "online"]);
  });

  it("tries at once when the browser is online again", async () => {
    const online = new EventTarget();
    vi.stubGlobal("addEventListener", online.addEventListener.bind(online));
    const other = new HttpClient(CONFIG);
    void outcome(other.ask("schema"));
    await tick();
    posts[0]!.fail();
    await tick();
    online.dispatchEvent(new Event("online"));
    await tick();
    expect(posts).toHaveLength(2);
    other.dispose();
  });

  it("ends everything when the capability has expired", async () => {
    const asked = outcome(client.ask("schema"));
    await tick();
    posts[0]!.answer(new Response('{"code":"expired","message":"x"}', { status: 401 }));
    expect(await asked).toMatchObject({ code: "expired" });
    expect(reaches).toEqual(["expired"]);
    expect(await outcome(client.ask("config"))).toMatchObject({ code: "expired" });
    await tick();
    expect(posts).toHaveLength(1);
  });

  it("stays expired, whatever still arrives", async () => {
    const early = client.ask("config");
    await tick();
    const late = outcome(client.ask("schema"));
    await tick();
    posts[1]!.answer(new Response('{"code":"expired","message":"x"}', { status: 401 }));
    await late;
    echo(posts[0]!);
    expect(json(await early)).toBe("config");
    expect(reaches).toEqual(["expired"]);
  });

  it("gives up on what asking again cannot help", async () => {
    const asked = outcome(client.ask("schema"));
    await tick();
    posts[0]!.answer(new Response("<h1>500</h1>", { status: 500 }));
    expect(await asked).toBeInstanceOf(ApiError);
    const garbled = outcome(client.ask("schema"));
    await tick();
    posts[1]!.answer(new Response("<html>login</html>"));
    expect(await garbled).toMatchObject({ code: "undecodable" });
  });
});

describe("a route for the owner", () => {
  const made = (response: Response) => Promise.resolve(response);

  it("is asked with the capability in the header, and answers JSON or nothing", async () => {
    const fetched = vi.fn((_url: string, _init: RequestInit) =>
      made(Response.json({ id: "1" }, { status: 201 })),
    );
    vi.stubGlobal("fetch", fetched);
    expect(await client.call("POST", "links", { expires: "7d" })).toEqual({ id: "1" });
    const [url, init] = fetched.mock.calls[0]!;
    expect(url).toBe("/user/a/cxg/d/0/links");
    expect(init).toMatchObject({
      method: "POST",
      headers: { "X-Cxg-Capability": "secret" },
      body: '{"expires":"7d"}',
    });
    vi.stubGlobal("fetch", () => made(new Response(null, { status: 204 })));
    expect(await client.call("DELETE", "links/1")).toBeUndefined();
  });

  it("says what went wrong", async () => {
    const body = { code: "sharing_off", message: "Sharing is off." };
    vi.stubGlobal("fetch", () => made(Response.json(body, { status: 403 })));
    await expect(client.call("POST", "links", {})).rejects.toMatchObject(body);
    vi.stubGlobal("fetch", () => Promise.reject(new TypeError("Failed to fetch")));
    await expect(client.call("GET", "links")).rejects.toMatchObject({ code: "unreachable" });
    vi.stubGlobal("fetch", () => made(new Response("<html>")));
    await expect(client.call("GET", "links")).rejects.toMatchObject({ code: "undecodable" });
  });
});
