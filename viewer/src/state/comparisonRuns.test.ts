import { columnFromArray, columnFromValues, float64, utf8 } from "@uwdata/flechette";
import { beforeEach, describe, expect, it, vi } from "vitest";
import type { Answer } from "../api/answers";
import { ApiError } from "../api/errors";
import { FakeClient } from "../api/fake";
import { arrow } from "../api/fakeData";
import type { EventDoc, JobDoc } from "../api/types";
import { type Comparison, contentOf, REST } from "./comparing";
import { ComparisonRuns } from "./comparisonRuns";
import { initialView } from "./initial";
import { createAppStore } from "./store";

const comparison: Comparison = {
  kind: "groups",
  name: "T vs rest",
  a: { kind: "category", column: "cluster", value: "T" },
  b: REST,
  method: "t-test",
  layer: "X",
};
const job = (state: JobDoc["state"], changes: Partial<JobDoc> = {}): JobDoc => ({
  job: "1",
  state,
  position: null,
  progress: null,
  message: null,
  ...changes,
});

class Server extends FakeClient {
  bodies: unknown[] = [];
  cancelled: string[] = [];
  submitted: JobDoc = job("queued", { position: 3 });
  latest: JobDoc | ApiError = job("queued", { position: 3 });
  private tell: (event: EventDoc) => void = () => {};
  override readonly events = {
    connected: true,
    listen: (listener: (event: EventDoc) => void) => {
      this.tell = listener;
      return () => {};
    },
    dispose: () => {},
  };

  push(doc: JobDoc): void {
    this.latest = doc;
    this.tell({ job: doc });
  }

  override async call<T>(_: string, route: string, body?: unknown): Promise<T> {
    if (route.endsWith("/cancel")) this.cancelled.push(route);
    else this.bodies.push(body);
    return this.submitted as T;
  }

  override async ask(question: string): Promise<Answer> {
    if (!question.startsWith("job")) throw new Error(question);
    if (question.startsWith("job?") && this.latest instanceof ApiError) throw this.latest;
    const table = { gene: columnFromValues(["G1"], utf8()), p: columnFromArray([0.5], float64()) };
    const bytes = question.startsWith("job?")
      ? new TextEncoder().encode(JSON.stringify(this.latest))
      : arrow(table);
    return { type: "", bytes };
  }
}

let server: Server;
let runs: ComparisonRuns;
let store: ReturnType<typeof createAppStore>;
const state = () => store.getState().runs[contentOf(comparison)];

beforeEach(() => {
  server = new Server();
  store = createAppStore(initialView());
  runs = new ComparisonRuns(server, store, async () => Uint8Array.of(1, 0, 1), new AbortController().signal);
});

describe("a comparison on the server", () => {
  it("waits in line, runs, and is there", async () => {
    runs.want(comparison);
    runs.want(comparison); // one job
    await vi.waitFor(() => expect(state()).toEqual({ state: "queued", position: 3 }));
    server.push(job("running", { progress: { label: "Comparing cells", fraction: 0.25 } }));
    expect(state()).toEqual({ state: "running", fraction: 0.25 });
    server.push(job("done"));
    await vi.waitFor(() => expect(state()).toEqual({ state: "done" }));
    expect(runs.result(comparison)?.numbers.p?.[0]).toBe(0.5);
    expect(server.bodies).toEqual([
      { kind: "diffexp", method: "t-test", layer: "X", a: { column: "cluster", category: "T" } },
    ]);
  });

  it("sends the rest of a category as cells, without those of A", async () => {
    const within = [{ kind: "categories", column: "cluster", mode: "include", values: ["T"] }] as const;
    runs = new ComparisonRuns(
      server,
      store,
      async (filters) => (filters === (within as unknown) ? Uint8Array.of(1, 1, 0) : Uint8Array.of(1, 0, 1)),
      new AbortController().signal,
    );
    runs.want({ ...comparison, b: { kind: "rest", within: within as never } });
    await vi.waitFor(() => expect(server.bodies).toHaveLength(1));
    expect(server.bodies[0]).toMatchObject({ b: { cells: btoa("\x02") } });
  });

  it("is cancelled at once, here and there", async () => {
    runs.want(comparison);
    await vi.waitFor(() => expect(state()?.state).toBe("queued"));
    runs.cancel(comparison);
    expect(state()).toEqual({ state: "cancelled" });
    expect(server.cancelled).toEqual(["jobs/1/cancel"]);
    runs.retry(comparison);
    await vi.waitFor(() => expect(state()?.state).toBe("queued"));
  });

  it("says why it failed", async () => {
    server.submitted = job("failed", { message: "Group A has no cells." });
    runs.want(comparison);
    await vi.waitFor(() => expect(state()).toEqual({ state: "failed", message: "Group A has no cells." }));
  });

  it("is asked once more when the server was started anew and knows nothing of it", async () => {
    server.latest = new ApiError("not_found", "There is no such job here.");
    runs.want(comparison);
    await vi.waitFor(() => expect(server.bodies).toHaveLength(2));
    await vi.waitFor(() =>
      expect(state()).toEqual({ state: "failed", message: "There is no such job here." }),
    );
  });
});
