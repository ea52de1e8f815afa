import { describe, expect, it, vi } from "vitest";
import { type CountingMessage, type CountingResult, createCounting, resultOf, WORKER_FROM } from "./counting";
import { Crossfilter, type ResolvedFilter } from "./crossfilter";
import type { LoadedColumn } from "./values";

/** Does the worker's work when the test says so. */
class FakeWorker {
  onmessage: ((event: { data: CountingResult }) => void) | null = null;
  onerror: (() => void) | null = null;
  readonly received: CountingMessage[] = [];
  terminated = false;
  private crossfilter = new Crossfilter(0);

  postMessage(message: CountingMessage, transfer: ArrayBuffer[]): void {
    const data = structuredClone(message, { transfer });
    this.received.push(data);
    if (data.type === "start") this.crossfilter = new Crossfilter(data.n);
    if (data.type === "column") this.crossfilter.addColumn(data.key, data.column);
    if (data.type === "cells") this.crossfilter.addCells(data.key, data.bits);
    if (data.type === "run") this.crossfilter.setFilters(data.filters);
  }

  answer(): void {
    this.onmessage?.({ data: resultOf(this.crossfilter) });
  }

  terminate(): void {
    this.terminated = true;
  }

  get runs(): number {
    return this.received.filter((message) => message.type === "run").length;
  }
}

const N = WORKER_FROM + 1;
const values = Float32Array.from({ length: N }, (_, i) => i);
const column: LoadedColumn = { kind: "continuous", values, min: 0, max: N - 1, missing: 0, integer: true };

function upTo(max: number): ResolvedFilter[] {
  return [{ subject: "range", id: String(max), kind: "range", key: "obs/n", min: 0, max }];
}

function create(n = N) {
  const worker = new FakeWorker();
  const results: number[] = [];
  const start = vi.fn(() => worker as unknown as Worker);
  const counting = createCounting(n, (result) => results.push(result.nSelected), start);
  return { worker, results, counting, start };
}

const turn = () => new Promise<void>((resolve) => setTimeout(resolve));

describe("counting in a worker", () => {
  it("skips what was overtaken while it counted", async () => {
    const { counting, worker, results } = create();
    counting.addColumn("obs/n", column);
    counting.setFilters(upTo(9));
    await turn();
    counting.setFilters(upTo(99));
    counting.setFilters(upTo(999));
    await turn();
    expect(worker.runs).toBe(1);
    expect(counting.busy).toBe(true);
    worker.answer();
    expect(worker.runs).toBe(2);
    worker.answer();
    expect(results).toEqual([10, 1000]);
    expect(counting.busy).toBe(false);
  });

  it("leaves the columns where they are", async () => {
    const { counting } = create();
    counting.addColumn("obs/n", column);
    await turn();
    expect(values).toHaveLength(N);
  });

  it("goes on in this thread when the worker cannot be had", async () => {
    const { counting, worker, results } = create();
    counting.addColumn("obs/n", column);
    counting.addCells("p", Uint8Array.of(0b111));
    counting.setFilters(upTo(9));
    worker.onerror?.();
    await turn();
    expect(worker.terminated).toBe(true);
    expect(results).toEqual([10]);
    counting.setFilters([...upTo(9), { subject: "cells", id: "p", kind: "cells", key: "p" }]);
    await turn();
    expect(results).toEqual([10, 3]);
    expect(counting.busy).toBe(false);
  });
});

describe("counting in this thread", () => {
  it("is done for few cells, once for all that is said in one tick", async () => {
    const { counting, start, results } = create(10);
    counting.addColumn("obs/n", { ...column, values: values.slice(0, 10), max: 9 });
    counting.setFilters(upTo(3));
    counting.setFilters(upTo(4));
    expect(counting.busy).toBe(true);
    await turn();
    expect(results).toEqual([5]);
    expect(start).not.toHaveBeenCalled();
  });
});
