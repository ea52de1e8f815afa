import { describe, expect, it } from "vitest";
import type { Slots } from "./slots";
import { type Cells, Strips } from "./strips";

const N = 1003;

let seed = 7;
const random = (below: number) => {
  seed = (seed * 16807) % 2147483647;
  return seed % below;
};

function column(bins: number): Slots {
  const of = bins < 255 ? new Uint8Array(N) : new Uint16Array(N);
  return { of: of.map(() => random(bins + 1)), bins };
}

const mask = (part: number) => new Uint8Array(N).map(() => (random(100) < part ? 1 : 0));
const ALL: Cells = { inside: null, selected: new Uint8Array(N).fill(1), all: true };

function naive({ of, bins }: Slots, mask: Uint8Array | null): Uint32Array {
  const counts = new Uint32Array(bins + 1);
  for (let i = 0; i < N; i++) counts[of[i]!]! += mask ? mask[i]! : 1;
  return counts;
}

/** Whatever came and went before, each column is counted as if it were alone. */
function check(strips: Strips, columns: Map<string, Slots>, cells: Cells): void {
  const tallies = strips.tallies(cells);
  expect([...tallies.keys()].sort()).toEqual([...columns.keys()].sort());
  for (const [key, slots] of columns) {
    expect(tallies.get(key)!.total).toEqual(naive(slots, cells.inside));
    expect(tallies.get(key)!.selected).toEqual(naive(slots, cells.selected));
    const passing = Uint8Array.from({ length: slots.bins + 1 }, () => random(2));
    const failing = Uint8Array.from(slots.of, (slot) => 1 - passing[slot]!);
    expect(strips.failing(key, passing)).toEqual(failing);
  }
}

describe("columns counted two at a time", () => {
  it.each([
    ["few labels", [3, 5, 2, 40]],
    ["bins of numbers", [40, 40, 40]],
    ["many labels beside few", [4, 300, 2000, 12, 254]],
    ["one", [7]],
  ])("%s", (_, widths) => {
    const strips = new Strips();
    const columns = new Map(widths.map((bins, i) => [`obs/${i}`, column(bins)]));
    for (const [key, { of, bins }] of columns) strips.set(key, { of: of.slice(), bins });
    check(strips, columns, ALL);

    const selected = mask(50);
    const some = { inside: null, selected, all: false };
    strips.recount(some, null);
    check(strips, columns, some);

    const flipped = Uint32Array.of(0, 5, 17, N - 1);
    for (const i of flipped) selected[i] = 1 - selected[i]!;
    strips.recount(some, flipped);
    check(strips, columns, some);

    // Columns go, come again with other values, and come newly.
    for (const key of [...columns.keys()].slice(0, 2)) {
      columns.delete(key);
      strips.delete(key);
      check(strips, columns, some);
    }
    for (const [key, bins] of [
      ["obs/new", 6],
      ["obs/2", 40],
    ] as const) {
      const slots = column(bins);
      columns.set(key, slots);
      strips.set(key, { ...slots, of: slots.of.slice() });
      check(strips, columns, some);
    }

    const inside = mask(70);
    const part = { inside, selected: selected.map((one, i) => one & inside[i]!), all: false };
    strips.forget();
    check(strips, columns, part);
    strips.recount({ inside, selected: inside, all: true }, null);
    check(strips, columns, { inside, selected: inside, all: true });
  });
});
