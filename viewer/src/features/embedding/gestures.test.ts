// @vitest-environment jsdom
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { CameraLike } from "../../lib/camera";
import type { Tool } from "../../state/state";
import { Gestures } from "./gestures";

let element: HTMLElement;
let gestures: Gestures;
let tool: Tool;
let camera: CameraLike;
const target = {
  tool: () => tool,
  camera: () => camera,
  size: () => ({ width: 400, height: 400 }),
  moveTo: (moved: CameraLike) => {
    camera = moved;
  },
  drawing: vi.fn(),
  drawn: vi.fn(),
  click: vi.fn(),
  hover: vi.fn(),
  wheelIsTaken: () => false,
  wheelPassed: vi.fn(),
};

beforeEach(() => {
  vi.clearAllMocks();
  tool = "lasso";
  camera = { x: 0.5, y: 0.5, zoom: 1 };
  element = document.createElement("div");
  element.setPointerCapture = () => {};
  document.body.append(element);
  gestures = new Gestures(element, target);
});

afterEach(() => {
  gestures.dispose();
  element.remove();
});

function pointer(type: string, x: number, y: number, more: Record<string, unknown> = {}): void {
  const event = new MouseEvent(type, { clientX: x, clientY: y, bubbles: true, ...more });
  const { pointerId = 1, pointerType = "mouse" } = more; // which jsdom's events lack
  Object.assign(event, { pointerId, pointerType });
  element.dispatchEvent(event);
}

function drag(points: [number, number][], more: Record<string, unknown> = {}): void {
  const [first, ...rest] = points;
  pointer("pointerdown", ...first!, more);
  for (const point of rest) pointer("pointermove", ...point, more);
  pointer("pointerup", ...points.at(-1)!, more);
}

describe("gestures", () => {
  it("draw a lasso that may end where it began", () => {
    drag([
      [10, 10],
      [60, 10],
      [60, 60],
      [10, 10],
    ]);
    expect(target.drawn).toHaveBeenCalledOnce();
    expect(target.drawn.mock.calls[0]?.[0]).toMatchObject({ shape: "lasso", mode: "replace" });
    expect(target.click).not.toHaveBeenCalled();
  });

  it("take a rectangle's two corners", () => {
    tool = "rectangle";
    drag([
      [10, 10],
      [50, 20],
      [80, 90],
    ]);
    expect(target.drawn.mock.calls[0]?.[0].points).toEqual([
      [10, 10],
      [80, 90],
    ]);
  });

  it("add with Shift and remove with Alt", () => {
    const path: [number, number][] = [
      [10, 10],
      [60, 60],
    ];
    drag(path, { shiftKey: true });
    drag(path, { altKey: true });
    expect(target.drawn.mock.calls.map(([drawing]) => drawing.mode)).toEqual(["add", "subtract"]);
  });

  it("call a press without a drag a click", () => {
    drag([
      [10, 10],
      [12, 11],
    ]);
    expect(target.click).toHaveBeenCalledWith(12, 11);
    expect(target.drawn).not.toHaveBeenCalled();
  });

  it("give up the region on Escape", () => {
    pointer("pointerdown", 10, 10);
    pointer("pointermove", 90, 90);
    window.dispatchEvent(new KeyboardEvent("keydown", { key: "Escape" }));
    pointer("pointerup", 90, 90);
    expect(target.drawing).toHaveBeenLastCalledWith(null);
    expect(target.drawn).not.toHaveBeenCalled();
  });

  it("pan with the pan tool, and with the middle button whatever the tool", () => {
    tool = "pan";
    drag([
      [100, 100],
      [140, 100],
    ]);
    expect(camera.x).toBeLessThan(0.5);
    tool = "lasso";
    const before = camera.x;
    drag(
      [
        [100, 100],
        [60, 100],
      ],
      { button: 1 },
    );
    expect(camera.x).toBeGreaterThan(before);
    expect(target.drawn).not.toHaveBeenCalled();
  });

  it("zoom in where the wheel is turned", () => {
    element.dispatchEvent(new WheelEvent("wheel", { deltaY: -300, clientX: 380, clientY: 200 }));
    expect(camera.zoom).toBeGreaterThan(1);
    expect(camera.x).toBeGreaterThan(0.5);
    expect(camera.y).toBeCloseTo(0.5);
  });

  it("leave the wheel to a page that scrolls, unless Ctrl is held", () => {
    const taken = vi.spyOn(target, "wheelIsTaken").mockReturnValue(true);
    const wheel = (more: object): boolean =>
      element.dispatchEvent(new WheelEvent("wheel", { deltaY: -300, cancelable: true, ...more }));
    expect(wheel({})).toBe(true); // goes on to the page
    expect(camera.zoom).toBe(1);
    expect(target.wheelPassed).toHaveBeenCalledOnce();
    expect(wheel({ ctrlKey: true })).toBe(false);
    expect(camera.zoom).toBeGreaterThan(1.1);
    expect(camera.zoom).toBeLessThan(1.5); // one turn is a step, not a leap
    taken.mockRestore();
  });

  it("zoom with two fingers and draw nothing", () => {
    const finger = (id: number) => ({ pointerId: id, pointerType: "touch" });
    pointer("pointerdown", 150, 200, finger(1));
    pointer("pointerdown", 250, 200, finger(2));
    pointer("pointermove", 350, 200, finger(2));
    expect(camera.zoom).toBeCloseTo(2);
    pointer("pointerup", 350, 200, finger(2));
    pointer("pointerup", 150, 200, finger(1));
    expect(target.drawn).not.toHaveBeenCalled();
  });

  it("leave controls over the plot alone", () => {
    const button = document.createElement("button");
    button.dataset.overPlot = "";
    element.append(button);
    const event = new MouseEvent("pointerdown", { bubbles: true });
    Object.assign(event, { pointerId: 1 });
    button.dispatchEvent(event);
    pointer("pointermove", 80, 80);
    pointer("pointerup", 80, 80);
    expect(target.drawn).not.toHaveBeenCalled();
  });
});
