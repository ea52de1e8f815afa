// @vitest-environment jsdom
import { afterEach, expect, test, vi } from "vitest";
import { hasGpu } from "./probe";

class FakeWorker extends EventTarget {
  onmessage: ((event: MessageEvent<boolean>) => void) | null = null;
  onerror: ((event: ErrorEvent) => void) | null = null;
  terminate = vi.fn();
}

const made = (worker: FakeWorker) => () => worker as unknown as Worker;

function canvasNamed(name: string): void {
  const context = {
    RENDERER: 1,
    isContextLost: () => false,
    getExtension: () => null,
    getParameter: () => name,
  };
  vi.spyOn(HTMLCanvasElement.prototype, "getContext").mockReturnValue(context as unknown as RenderingContext);
}

afterEach(() => {
  vi.restoreAllMocks();
});

test.each([true, false])("believes the worker (%s) and ends it", async (real) => {
  const worker = new FakeWorker();
  const answer = hasGpu(made(worker));
  worker.onmessage?.(new MessageEvent("message", { data: real }));
  expect(await answer).toBe(real);
  expect(worker.terminate).toHaveBeenCalled();
});

test("asks on the page when the worker cannot", async () => {
  canvasNamed("Mali-G78");
  const worker = new FakeWorker();
  const answer = hasGpu(made(worker));
  worker.onerror?.(new ErrorEvent("error"));
  expect(await answer).toBe(true);
});

test("asks on the page where there are no workers", async () => {
  canvasNamed("llvmpipe");
  const refuse = () => {
    throw new DOMException("no workers here", "SecurityError");
  };
  expect(await hasGpu(refuse)).toBe(false);
});
