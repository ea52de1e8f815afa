import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { FrameLoop } from "./loop";

let frames: FrameRequestCallback[] = [];

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  frames = [];
  vi.stubGlobal("requestAnimationFrame", (callback: FrameRequestCallback) => frames.push(callback));
  vi.stubGlobal("cancelAnimationFrame", () => {});
});

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

function animationFrame(): void {
  const due = frames;
  frames = [];
  for (const callback of due) callback(0);
}

/** A loop that has drawn its first frame. */
async function running(draw: ReturnType<typeof vi.fn>): Promise<FrameLoop> {
  const loop = new FrameLoop(draw as unknown as () => void);
  draw.mockImplementationOnce(() => {});
  loop.request();
  await loop.settled();
  draw.mockClear();
  return loop;
}

test("the first frame waits for no animation frame, and many requests for it draw once", async () => {
  const draw = vi.fn();
  const loop = new FrameLoop(draw);
  loop.request();
  loop.request();
  expect(draw).not.toHaveBeenCalled(); // more may be said before this task ends
  await loop.settled();
  expect(draw).toHaveBeenCalledTimes(1);
  expect(frames).toHaveLength(0);
});

test("many requests within a frame draw once", async () => {
  const draw = vi.fn();
  const loop = await running(draw);
  for (let k = 0; k < 5; k++) loop.request();
  expect(draw).not.toHaveBeenCalled();
  animationFrame();
  expect(draw).toHaveBeenCalledTimes(1);
});

test("requests while a slow frame is drawn become one more frame, and settled waits for it", async () => {
  const finish: (() => void)[] = [];
  const draw = vi.fn(() => new Promise<void>((resolve) => finish.push(resolve)));
  const loop = await running(draw);
  const settled = vi.fn();
  loop.request();
  void loop.settled().then(settled);
  animationFrame();
  loop.request();
  loop.request();
  animationFrame();
  expect(draw).toHaveBeenCalledTimes(1); // still busy with the first
  finish[0]!();
  await vi.waitFor(() => expect(frames).toHaveLength(1));
  expect(settled).not.toHaveBeenCalled();
  animationFrame();
  finish[1]!();
  await vi.waitFor(() => expect(settled).toHaveBeenCalled());
  expect(draw).toHaveBeenCalledTimes(2);
});

test("a page that gets no animation frames is drawn all the same", async () => {
  const draw = vi.fn();
  (await running(draw)).request();
  vi.advanceTimersByTime(300);
  expect(draw).toHaveBeenCalledTimes(1);
  animationFrame(); // comes late: nothing more to do
});

test("nothing is drawn after stop, and nobody waits for ever", async () => {
  const draw = vi.fn();
  const loop = new FrameLoop(draw);
  loop.request();
  const settled = loop.settled();
  loop.stop();
  loop.request();
  vi.advanceTimersByTime(1000);
  await settled;
  expect(draw).not.toHaveBeenCalled();
});

test("settled is at once when there is nothing to do", async () => {
  await new FrameLoop(() => {}).settled();
});
