// In which order the points are drawn: what comes later lies on top.

import { MISSING } from "../lib/quantize";

/**
 * Put shuffled point indices (m,) into draw order (m,). "random" keeps the shuffle, so that no category
 * hides another; "value" puts high codes on top. Points without a value come first, beneath all others.
 */
export function drawOrder(
  shuffled: Uint32Array,
  codes: Uint16Array | null,
  mode: "random" | "value",
): Uint32Array {
  if (codes === null) return shuffled;
  return mode === "value" ? byCode(shuffled, codes) : missingFirst(shuffled, codes);
}

/** Counting sort by code, MISSING lowest; equal codes keep the order of the shuffle. */
function byCode(shuffled: Uint32Array, codes: Uint16Array): Uint32Array {
  const next = new Uint32Array(MISSING + 2); // next[key + 1] counts, then next[key] is where key goes
  for (let k = 0; k < shuffled.length; k++) next[keyOf(codes[shuffled[k]!]!) + 1]!++;
  for (let key = 1; key < next.length; key++) next[key]! += next[key - 1]!;
  const order = new Uint32Array(shuffled.length);
  for (let k = 0; k < shuffled.length; k++) {
    const i = shuffled[k]!;
    order[next[keyOf(codes[i]!)]!++] = i;
  }
  return order;
}

function keyOf(code: number): number {
  return (code + 1) & 0xffff; // MISSING wraps round to 0
}

function missingFirst(shuffled: Uint32Array, codes: Uint16Array): Uint32Array {
  let missing = 0;
  for (let k = 0; k < shuffled.length; k++) if (codes[shuffled[k]!] === MISSING) missing++;
  if (missing === 0) return shuffled;
  const order = new Uint32Array(shuffled.length);
  let low = 0;
  let high = missing;
  for (let k = 0; k < shuffled.length; k++) {
    const i = shuffled[k]!;
    if (codes[i] === MISSING) order[low++] = i;
    else order[high++] = i;
  }
  return order;
}
