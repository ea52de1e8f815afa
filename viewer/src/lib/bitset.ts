// Sets of cells in two shapes: a mask, one byte (0 or 1) per cell, quick to compute with; and a packed
// bitset, bit i little-endian within its byte, small to send (numpy's packbits(bitorder="little")).

/** Mask (n,) → bitset (⌈n / 8⌉,); any non-zero byte counts as 1, unused bits of the last byte are 0. */
export function packBits(mask: Uint8Array): Uint8Array<ArrayBuffer> {
  const bits = new Uint8Array((mask.length + 7) >> 3);
  for (let i = 0; i < mask.length; i++) {
    if (mask[i]! !== 0) bits[i >> 3]! |= 1 << (i & 7);
  }
  return bits;
}

/** Bitset → mask (n,) of 0 and 1; cells beyond the bitset's end are 0. */
export function unpackBits(bits: Uint8Array, n: number): Uint8Array<ArrayBuffer> {
  const mask = new Uint8Array(n);
  const end = Math.min(n, bits.length * 8);
  for (let i = 0; i < end; i++) mask[i] = (bits[i >> 3]! >> (i & 7)) & 1;
  return mask;
}

/** How many bits are set among the first n (all by default). */
export function countBits(bits: Uint8Array, n = bits.length * 8): number {
  let count = 0;
  const whole = Math.min(n >> 3, bits.length);
  for (let i = 0; i < whole; i++) count += bitsOf(bits[i]!);
  const rest = n & 7;
  if (rest > 0 && whole < bits.length) count += bitsOf(bits[whole]! & ((1 << rest) - 1));
  return count;
}

/** How many cells of a 0/1 mask are in it. */
export function countMask(mask: Uint8Array): number {
  let count = 0;
  for (let i = 0; i < mask.length; i++) count += mask[i]!;
  return count;
}

function bitsOf(byte: number): number {
  const pairs = byte - ((byte >> 1) & 0x55);
  const fours = (pairs & 0x33) + ((pairs >> 2) & 0x33);
  return (fours + (fours >> 4)) & 0x0f;
}
