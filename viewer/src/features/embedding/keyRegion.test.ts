import { expect, test } from "vitest";
import { arrowed, cornersOf, firstBox, type KeyedBox, placeWords } from "./keyRegion";

const ROOM = { width: 300, height: 240 };
const press = (box: KeyedBox, key: string, { shiftKey = false, repeat = false } = {}): KeyedBox | null =>
  arrowed(box, { key, shiftKey, repeat }, ROOM);

test("it begins in the middle of the view", () => {
  expect(cornersOf(firstBox(ROOM))).toEqual([
    [100, 80],
    [200, 160],
  ]);
});

test("arrows move it, faster while they are held, and never out of the view", () => {
  const box = firstBox(ROOM);
  expect(press(box, "ArrowLeft")).toEqual({ ...box, left: 92 });
  expect(press(box, "ArrowDown", { repeat: true })).toEqual({ ...box, top: 104 });
  let far = box;
  for (let i = 0; i < 40; i++) far = press(far, "ArrowRight", { repeat: true })!;
  expect(cornersOf(far)[1]![0]).toBe(ROOM.width);
});

test("with Shift they size it: at least so that one sees it, at most to the border", () => {
  const box = firstBox(ROOM);
  expect(press(box, "ArrowRight", { shiftKey: true })).toEqual({ ...box, width: 108 });
  let [small, large] = [box, box];
  for (let i = 0; i < 40; i++) {
    small = press(small, "ArrowUp", { shiftKey: true, repeat: true })!;
    large = press(large, "ArrowDown", { shiftKey: true, repeat: true })!;
  }
  expect(small.height).toBe(8);
  expect(large.top + large.height).toBe(ROOM.height);
});

test("other keys are not its", () => {
  expect(press(firstBox(ROOM), "x")).toBeNull();
});

test("where it is, in words", () => {
  expect(placeWords(firstBox(ROOM), ROOM)).toBe(
    "33 % from the left, 33 % from the top, 33 % wide, 33 % high",
  );
});

test("a view that became smaller than the box keeps it within reach", () => {
  const box = { left: 400, top: 0, width: 100, height: 80 };
  expect(press(box, "ArrowRight")).toMatchObject({ left: 200 });
});
