// Pointer, wheel and touch over the plot, as what they mean: pan, zoom, draw a region, hover, click.

import { type CameraLike, panBy, zoomAt } from "../../lib/camera";
import type { RegionStep, Tool } from "../../state/state";

export type ScreenPoint = [px: number, py: number];

/** A region while it is drawn, in CSS pixels; a rectangle has two corners. */
export interface Drawing {
  shape: RegionStep["shape"];
  mode: RegionStep["mode"];
  points: ScreenPoint[];
}

/** What a region does to the selection that there is. */
export function modeOf({ shiftKey, altKey }: Pick<KeyboardEvent, "shiftKey" | "altKey">): Drawing["mode"] {
  return shiftKey && altKey ? "intersect" : shiftKey ? "add" : altKey ? "subtract" : "replace";
}

export interface GestureTarget {
  tool(): Tool;
  camera(): CameraLike;
  size(): { width: number; height: number };
  moveTo(camera: CameraLike): void;
  /** The region grows; null: it was given up. */
  drawing(drawing: Drawing | null): void;
  drawn(drawing: Drawing): void;
  /** A press without a drag. */
  click(px: number, py: number): void;
  /** The pointer rests or moves here without a button; null: it left. */
  hover(point: ScreenPoint | null): void;
  /** A plain wheel belongs to the page around, which scrolls. */
  wheelIsTaken(): boolean;
  /** The wheel was turned over the plot while it was taken. */
  wheelPassed(): void;
}

const CLICK = 4; // CSS pixels; a shorter drag is a click
const WHEEL = 0.0016; // zoom per pixel of wheel
const PINCH = 0.012; // the same for a pinch on a trackpad, which comes as a wheel with Ctrl
const NOTCH = 0.25; // the most of that at once: a mouse's wheel with Ctrl turns far at a time
const LINE = 16; // CSS pixels of a wheel's line

type Mode = "idle" | "pan" | "draw" | "pinch";

export class Gestures {
  private readonly pointers = new Map<number, ScreenPoint>();
  private mode: Mode = "idle";
  private start: ScreenPoint = [0, 0];
  private region: Drawing | null = null;
  private spaceHeld = false;
  private readonly stop = new AbortController();

  constructor(
    private readonly element: HTMLElement,
    private readonly target: GestureTarget,
  ) {
    const on = { signal: this.stop.signal };
    element.addEventListener("pointerdown", this.down, on);
    element.addEventListener("pointermove", this.move, on);
    element.addEventListener("pointerup", this.up, on);
    element.addEventListener("pointercancel", this.cancelled, on);
    element.addEventListener("pointerleave", this.left, on);
    element.addEventListener("wheel", this.wheel, { ...on, passive: false });
    element.addEventListener("auxclick", (event) => event.preventDefault(), on);
    window.addEventListener("keydown", this.key, { ...on, capture: true });
    window.addEventListener("keyup", this.key, { ...on, capture: true });
  }

  dispose(): void {
    this.stop.abort();
  }

  private at(event: PointerEvent | WheelEvent): ScreenPoint {
    const { left, top } = this.element.getBoundingClientRect();
    return [event.clientX - left, event.clientY - top];
  }

  private readonly down = (event: PointerEvent): void => {
    if (event.target instanceof Element && event.target.closest("[data-over-plot]")) return;
    const point = this.at(event);
    this.pointers.set(event.pointerId, point);
    this.element.setPointerCapture(event.pointerId);
    if (this.pointers.size === 2) {
      this.giveUp();
      this.mode = "pinch";
      return;
    }
    if (this.pointers.size > 2 || event.button > 1) return;
    this.start = point;
    this.target.hover(null);
    const tool = this.target.tool();
    if (tool === "pan" || event.button === 1 || this.spaceHeld) {
      this.mode = "pan";
      if (event.button === 1) event.preventDefault(); // no autoscroll
    } else {
      this.mode = "draw";
      this.region = { shape: tool, mode: modeOf(event), points: [point] };
    }
    this.element.dataset.gesture = this.mode;
  };

  private readonly move = (event: PointerEvent): void => {
    const before = this.pointers.get(event.pointerId);
    const point = this.at(event);
    if (!before) {
      if (event.pointerType !== "touch") this.target.hover(this.overControl(event) ? null : point);
      return;
    }
    if (this.mode === "pinch") this.pinch(event.pointerId, point);
    this.pointers.set(event.pointerId, point);
    const { width, height } = this.target.size();
    if (this.mode === "pan") {
      const [dx, dy] = [point[0] - before[0], point[1] - before[1]];
      this.target.moveTo(panBy(this.target.camera(), dx, dy, width, height));
    } else if (this.mode === "draw" && this.region) {
      this.extend(this.region, event);
      if (this.dragged(point)) this.target.drawing({ ...this.region });
    }
  };

  private readonly up = (event: PointerEvent): void => {
    if (!this.pointers.delete(event.pointerId)) return;
    const point = this.at(event);
    const { region, mode } = this;
    if (mode === "pinch") {
      if (this.pointers.size === 0) this.rest();
      return;
    }
    const dragged = this.dragged(point);
    this.rest();
    if (!dragged) {
      if (mode === "draw") {
        this.target.drawing(null);
        this.target.click(...point);
      }
      if (event.pointerType === "touch") this.target.hover(point);
    } else if (mode === "draw" && region) {
      this.target.drawn(region);
    }
  };

  private readonly cancelled = (event: PointerEvent): void => {
    this.pointers.delete(event.pointerId);
    this.giveUp();
  };

  private readonly left = (): void => {
    if (this.pointers.size === 0) this.target.hover(null);
  };

  private readonly wheel = (event: WheelEvent): void => {
    if (this.overControl(event)) return;
    if (!event.ctrlKey && !event.metaKey && this.target.wheelIsTaken()) {
      this.target.wheelPassed();
      return;
    }
    event.preventDefault();
    if (this.mode === "draw") return;
    const { width, height } = this.target.size();
    const unit = event.deltaMode === 1 ? LINE : event.deltaMode === 2 ? height : 1;
    const turned = -event.deltaY * unit;
    const pinched = Math.max(-NOTCH, Math.min(NOTCH, turned * PINCH));
    const factor = Math.exp(event.ctrlKey ? pinched : turned * WHEEL);
    this.target.hover(null);
    this.target.moveTo(zoomAt(this.target.camera(), ...this.at(event), factor, width, height));
  };

  private readonly key = (event: KeyboardEvent): void => {
    if (event.key === "Escape" && this.mode === "draw" && event.type === "keydown") {
      event.stopPropagation();
      this.giveUp();
    }
    const free = event.target === document.body || event.target === this.element;
    if (event.key === " " && (free || event.type === "keyup")) {
      this.spaceHeld = event.type === "keydown";
      this.element.toggleAttribute("data-space", this.spaceHeld);
      if (free) event.preventDefault(); // the page does not scroll
    }
  };

  /** Two fingers: what is under them stays under them. */
  private pinch(moving: number, to: ScreenPoint): void {
    const from = this.pointers.get(moving);
    const other = [...this.pointers].find(([id]) => id !== moving)?.[1];
    if (!from || !other) return;
    const { width, height } = this.target.size();
    const before = Math.hypot(from[0] - other[0], from[1] - other[1]);
    const after = Math.hypot(to[0] - other[0], to[1] - other[1]);
    const middle: ScreenPoint = [(to[0] + other[0]) / 2, (to[1] + other[1]) / 2];
    const panned = panBy(
      this.target.camera(),
      middle[0] - (from[0] + other[0]) / 2,
      middle[1] - (from[1] + other[1]) / 2,
      width,
      height,
    );
    this.target.moveTo(zoomAt(panned, ...middle, after / Math.max(before, 1), width, height));
  }

  private extend(region: Drawing, event: PointerEvent): void {
    if (region.shape === "rectangle") {
      region.points = [this.start, this.at(event)];
      return;
    }
    // all positions since the last frame: a quick hand leaves a smooth line
    const events = event.getCoalescedEvents?.() ?? [];
    for (const each of events.length > 0 ? events : [event]) region.points.push(this.at(each));
  }

  private dragged(point: ScreenPoint): boolean {
    const path = this.region ? [...this.region.points, point] : [point]; // a lasso may end where it began
    return path.some(([x, y]) => Math.hypot(x - this.start[0], y - this.start[1]) >= CLICK);
  }

  private overControl(event: Event): boolean {
    return event.target instanceof Element && event.target.closest("[data-over-plot]") !== null;
  }

  private giveUp(): void {
    if (this.mode === "draw") this.target.drawing(null);
    this.rest();
  }

  private rest(): void {
    this.mode = "idle";
    this.region = null;
    delete this.element.dataset.gesture;
  }
}
