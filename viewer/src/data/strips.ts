// Cells counted by slot: what every brush pays for, once per column. Two columns of few slots share one
// array of both slots in one number, so that a pass over it counts both: less to read, half of the additions.

import { release } from "../lib/release";
import type { ColumnKey } from "./keys";
import type { Slots } from "./slots";

/** Cells by code + 1 or bin + 1; the first count is of cells without a value. */
export interface Tallies {
  total: Uint32Array;
  selected: Uint32Array;
}

/** What is counted: bytes of 1 for cells that belong to the subset (null: all) and pass all filters. */
export interface Cells {
  inside: Uint8Array | null;
  selected: Uint8Array;
  all: boolean; // whether what is inside is selected
}

// Of two columns together: four lists of counts lie in the fastest memory of a processor.
const MOST_TOGETHER = 2048;

interface Member {
  key: ColumnKey;
  width: number; // slots, with that of no value
}

interface Strip {
  of: Slots["of"]; // of two columns: slot of the first × width of the second + slot of the second
  members: readonly [Member] | readonly [Member, Member];
  tallies: Tallies | null; // null: to be counted
}

export class Strips {
  private readonly strips = new Map<ColumnKey, Strip>(); // those with two columns are in it twice

  /** Takes the array over. */
  set(key: ColumnKey, { of, bins }: Slots): void {
    this.delete(key);
    const added: Strip = { of, members: [{ key, width: bins + 1 }], tallies: null };
    const partner = this.partnerOf(bins + 1);
    const strip = partner ? joined(partner, added) : added;
    for (const member of strip.members) this.strips.set(member.key, strip);
  }

  delete(key: ColumnKey): void {
    const strip = this.strips.get(key);
    if (!strip) return;
    this.strips.delete(key);
    const left = strip.members.find((member) => member.key !== key);
    if (left) this.strips.set(left.key, parted(strip, left.key));
    release(strip.of);
  }

  /** Per cell 1 = its slot does not pass (`passing`: 1 or 0 for each slot); null: there is no such column. */
  failing(key: ColumnKey, passing: Uint8Array): Uint8Array | null {
    const strip = this.strips.get(key);
    if (!strip) return null;
    const slotOf = slots(strip, key);
    const fails = Uint8Array.from({ length: widthOf(strip) }, (_, at) => 1 - (passing[slotOf(at)] ?? 0));
    const { of } = strip;
    const failing = new Uint8Array(of.length);
    for (let i = 0; i < of.length; i++) failing[i] = fails[of[i]!]!;
    return failing;
  }

  tallies(cells: Cells): Map<ColumnKey, Tallies> {
    const found = new Map<ColumnKey, Tallies>();
    for (const [key, strip] of this.strips) {
      strip.tallies ??= counted(strip, cells);
      const { total, selected } = strip.tallies;
      found.set(key, { total: alone(strip, key, total), selected: alone(strip, key, selected) });
    }
    return found;
  }

  /** Everything has to be counted anew. */
  forget(): void {
    for (const strip of this.strips.values()) strip.tallies = null;
  }

  /** The selected cells are others now; `flipped` lists them if they are few, else it is null. */
  recount(cells: Cells, flipped: Uint32Array | null): void {
    for (const strip of new Set(this.strips.values())) {
      const { tallies } = strip;
      if (!tallies) continue;
      if (cells.all) tallies.selected.set(tallies.total);
      else if (flipped) countFlips(strip.of, cells.selected, flipped, tallies.selected);
      else countMasked(strip.of, cells.selected, tallies.selected);
    }
  }

  private partnerOf(width: number): Strip | undefined {
    for (const strip of this.strips.values()) {
      if (strip.members.length === 1 && strip.members[0].width * width <= MOST_TOGETHER) return strip;
    }
    return undefined;
  }
}

const widthOf = ({ members }: Strip): number => members.reduce((all, { width }) => all * width, 1);

/** From the number in a strip's array to the slot of one of its columns. */
function slots({ members: [first, second] }: Strip, key: ColumnKey): (at: number) => number {
  if (!second) return (at) => at;
  return first.key === key ? (at) => Math.floor(at / second.width) : (at) => at % second.width;
}

function joined(one: Strip, other: Strip): Strip {
  const [first, second] = [one.members[0], other.members[0]];
  const { width } = second;
  const of = new Uint16Array(one.of.length);
  for (let i = 0; i < of.length; i++) of[i] = one.of[i]! * width + other.of[i]!;
  release(one.of);
  release(other.of);
  return { of, members: [first, second], tallies: null };
}

/** One column of a strip by itself. */
function parted(strip: Strip, key: ColumnKey): Strip {
  const [first, second] = strip.members;
  if (!second) return strip;
  const member = first.key === key ? first : second;
  const slotOf = Uint16Array.from({ length: widthOf(strip) }, (_, at) => slots(strip, key)(at));
  const of = new (member.width > 0x100 ? Uint16Array : Uint8Array)(strip.of.length);
  for (let i = 0; i < of.length; i++) of[i] = slotOf[strip.of[i]!]!;
  return { of, members: [member], tallies: null };
}

/** Counts of one column of a strip. */
function alone(strip: Strip, key: ColumnKey, counts: Uint32Array): Uint32Array {
  if (strip.members.length === 1) return counts.slice();
  const member = strip.members.find((each) => each.key === key)!;
  const slotOf = slots(strip, key);
  const own = new Uint32Array(member.width);
  for (let at = 0; at < counts.length; at++) own[slotOf(at)]! += counts[at]!;
  return own;
}

function counted(strip: Strip, { inside, selected, all }: Cells): Tallies {
  const total = new Uint32Array(widthOf(strip));
  if (inside) countMasked(strip.of, inside, total);
  else for (let i = 0; i < strip.of.length; i++) total[strip.of[i]!]! += 1;
  const tallies = { total, selected: total.slice() };
  if (!all) countMasked(strip.of, selected, tallies.selected);
  return tallies;
}

/** In four parts: neighboring cells are often of one slot, and an addition would wait for the one before. */
function countMasked(of: Slots["of"], mask: Uint8Array, counts: Uint32Array): void {
  const width = counts.length;
  const parts = new Uint32Array(4 * width);
  const end = of.length - (of.length % 4);
  for (let i = 0; i < end; i += 4) {
    parts[of[i]!]! += mask[i]!;
    parts[width + of[i + 1]!]! += mask[i + 1]!;
    parts[2 * width + of[i + 2]!]! += mask[i + 2]!;
    parts[3 * width + of[i + 3]!]! += mask[i + 3]!;
  }
  for (let i = end; i < of.length; i++) parts[of[i]!]! += mask[i]!;
  for (let slot = 0; slot < width; slot++) {
    counts[slot] = parts[slot]! + parts[width + slot]! + parts[2 * width + slot]! + parts[3 * width + slot]!;
  }
}

function countFlips(of: Slots["of"], selected: Uint8Array, flipped: Uint32Array, counts: Uint32Array): void {
  for (let j = 0; j < flipped.length; j++) {
    const i = flipped[j]!;
    counts[of[i]!]! += 2 * selected[i]! - 1;
  }
}
