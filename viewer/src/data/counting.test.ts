import { describe, expect, it, vi } from "vitest";
import { type CountingMessage, type CountingResult, createCounting, resultOf, WORKER_FROM } from "./counting";
import { Crossfilter, EVERYTHING, type ResolvedFilter } from "./crossfilter";
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
    if (data.type === "column") {
      this.crossfilter.addColumn(data.key, data.column);
      this.crossfilter.giveBack(data.key);
    }
    if (data.type === "lend") this.crossfilter.lend(data.key, data.column);
    if (data.type === "giveBack") this.crossfilter.giveBack();
    if (data.type === "cells") this.crossfilter.addCells(data.key, data.bits);
    if (data.type === "run") this.crossfilter.setFilters(data.filters, data.scope);
  }

  answer(): void {
    this.onmessage?.({ data: resultOf(this.crossfilter) });
  }

  terminate(): void {
    this.terminated = true;
  }

  count(type: CountingMessage["type"]): number {
    return this.received.filter((message) => message.type === type).length;
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
    expect(worker.count("run")).toBe(1);
    expect(counting.busy).toBe(true);
    worker.answer();
    expect(worker.count("run")).toBe(2);
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

  it("lends numbers while filters on them change, and has them back after that", async () => {
    vi.useFakeTimers();
    try {
      const { counting, worker, results } = create();
      const ask = async (max: number) => {
        counting.setFilters(upTo(max));
        await vi.advanceTimersByTimeAsync(0);
        worker.answer();
      };
      counting.addColumn("obs/n", column);
      await ask(9);
      await ask(99);
      expect(worker.count("lend")).toBe(1);
      await vi.advanceTimersByTimeAsync(10_000);
      expect(worker.count("giveBack")).toBe(1);
      await ask(99); // nothing to look at again
      expect(worker.count("lend")).toBe(1);
      await ask(999);
      expect(worker.count("lend")).toBe(2);
      expect(results).toEqual([10, 100, 100, 1000]);
    } finally {
      vi.useRealTimers();
    }
  });

  it("bins the numbers of a subset anew", async () => {
    const { counting, worker } = create();
    const ranges: unknown[] = [];
    const answer = worker.answer.bind(worker);
    counting.addColumn("obs/n", column);
    counting.setFilters([], { ...EVERYTHING, id: "few", subset: upTo(9) });
    await turn();
    const { onmessage } = worker;
    worker.onmessage = (event) => {
      ranges.push(event.data.ranges.get("obs/n"));
      onmessage?.(event);
    };
    answer();
    expect(ranges).toEqual([{ min: 0, max: 9 }]);
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
