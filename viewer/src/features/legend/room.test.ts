import { expect, test } from "vitest";
import { roomFor } from "./room";

test.each([
  [1, 1020, 830, "narrow"],
  [1, 700, 700, "none"],
  [1, 1320, 830, "over"],
  [1, 920, 632, "wide"], // a page of 1000 × 700
  [1, 770, 532, "narrow"],
  [1, 820, 532, "wide"],
  [1, 768, 382, "wide"],
  [1, 720, 532, "tight"],
  [1, 620, 382, "narrow"],
  [1, 380, 382, "none"], // with two genes against each other beside it
  [1, 360, 644, "none"],
  [2, 920, 632, "narrow"],
  [2, 1300, 500, "wide"],
  [2, 700, 700, "wide"], // one above the other,
])("the list of colors beside %i plots on %i × %i: %s", (plots, width, height, room) => {
  expect(roomFor({ width, height }, plots)).toBe(room);
});

test("where it stands beside the plots, they keep four fifths of their side", () => {
  for (let width = 300; width < 1400; width += 20) {
    const room = roomFor({ width, height: 600 }, 1);
    const taken = { over: 0, wide: 216, narrow: 160, tight: 206, none: 0 }[room];
    const alone = Math.min(width - 46, 600);
    expect(Math.min(width - taken, 600)).toBeGreaterThanOrEqual(0.8 * alone);
  }
});
