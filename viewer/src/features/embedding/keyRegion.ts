// A rectangle drawn by keys: where it begins, and what an arrow does to it. In CSS pixels of the plot.

import type { Drawing, ScreenPoint } from "./gestures";

export interface KeyedBox {
  left: number;
  top: number;
  width: number;
  height: number;
}

export interface Room {
  width: number;
  height: number;
}

const STEP = 8; // CSS pixels of one press
const HELD = 24; // of each repeat of a key that is held
const LEAST = 8; // CSS pixels that a side keeps

const ARROWS: Record<string, readonly [x: number, y: number]> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};

/** A third of the view, in its middle. */
export function firstBox({ width, height }: Room): KeyedBox {
  return { left: width / 3, top: height / 3, width: width / 3, height: height / 3 };
}

/** After an arrow, which moves the box, with Shift its right and lower sides; null: the key is none. */
export function arrowed(
  box: KeyedBox,
  event: Pick<KeyboardEvent, "key" | "shiftKey" | "repeat">,
  room: Room,
): KeyedBox | null {
  const arrow = ARROWS[event.key];
  if (!arrow) return null;
  const step = event.repeat ? HELD : STEP;
  const [x, y] = [arrow[0] * step, arrow[1] * step];
  if (event.shiftKey) {
    return {
      ...box,
      width: between(LEAST, box.width + x, room.width - box.left),
      height: between(LEAST, box.height + y, room.height - box.top),
    };
  }
  return {
    ...box,
    left: between(0, box.left + x, room.width - box.width),
    top: between(0, box.top + y, room.height - box.height),
  };
}

export const cornersOf = ({ left, top, width, height }: KeyedBox): ScreenPoint[] => [
  [left, top],
  [left + width, top + height],
];

/** What it does to the selection, for those who do not see the line that it is drawn with. */
export const MODE_WORDS: Record<Drawing["mode"], string> = {
  replace: "Selects",
  add: "Adds",
  subtract: "Removes",
  intersect: "Keeps",
};

/** Where it is in the view, in words. */
export function placeWords({ left, top, width, height }: KeyedBox, room: Room): string {
  const percent = (part: number, of: number): string => `${Math.round((100 * part) / of)} %`;
  return (
    `${percent(left, room.width)} from the left, ${percent(top, room.height)} from the top, ` +
    `${percent(width, room.width)} wide, ${percent(height, room.height)} high`
  );
}

const between = (low: number, value: number, high: number): number =>
  Math.max(low, Math.min(value, Math.max(low, high)));
