// Chance that repeats: the same seed gives the same order in every browser.

/** Numbers in [0, 1) from a 32-bit seed: Weyl sequence mixed as in splitmix32. */
export function randomNumbers(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x9e3779b9) | 0;
    let mixed = Math.imul(state ^ (state >>> 16), 0x21f0aaad);
    mixed = Math.imul(mixed ^ (mixed >>> 15), 0x735a2d97);
    return ((mixed ^ (mixed >>> 15)) >>> 0) / 2 ** 32;
  };
}

/** 0 … n - 1 in a random order (Fisher and Yates). */
export function permutation(n: number, seed: number): Uint32Array<ArrayBuffer> {
  const random = randomNumbers(seed);
  const order = new Uint32Array(n);
  for (let i = 0; i < n; i++) {
    const j = Math.floor(random() * (i + 1));
    order[i] = order[j]!;
    order[j] = i;
  }
  return order;
}
