// @vitest-environment jsdom
import { afterEach, expect, test, vi } from "vitest";
import { askGraphics, type Graphics } from "./probe";

class FakeWorker extends EventTarget {
  onmessage: ((event: MessageEvent<Graphics>) => void) | null = null;
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

test.each(["gpu", "software", "none"] as const)("believes the worker (%s) and ends it", async (said) => {
  const worker = new FakeWorker();
  const answer = askGraphics(made(worker));
  worker.onmessage?.(new MessageEvent("message", { data: said }));
  expect(await answer).toBe(said);
  expect(worker.terminate).toHaveBeenCalled();
});

test("asks on the page when the worker cannot", async () => {
  canvasNamed("Mali-G78");
  const worker = new FakeWorker();
  const answer = askGraphics(made(worker));
  worker.onerror?.(new ErrorEvent("error"));
  expect(await answer).toBe("gpu");
});

test("asks on the page where there are no workers", async () => {
  canvasNamed("llvmpipe");
  const refuse = () => {
    throw new DOMException("no workers here", "SecurityError");
  };
  expect(await askGraphics(refuse)).toBe("software");
});
