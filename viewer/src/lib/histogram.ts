// Histograms and category counts for the crossfilter. A column is binned once; counting it under a new
// mask is then one add per cell without a branch (1M cells × 40 bins: a few milliseconds).

import { MAX_CODE, MISSING } from "./quantize";

export const BINS = 40;

/** Quantized codes (n,) → bin of each (n,): 0 … bins - 1, and `bins` for MISSING. At most 255 bins. */
export function binCodes(codes: Uint16Array, bins = BINS): Uint8Array<ArrayBuffer> {
  const binOf = new Uint8Array(MISSING + 1);
  for (let code = 0; code <= MAX_CODE; code++) {
    // Half a code more: a value on an edge belongs to the bin above it, however it was rounded.
    binOf[code] = Math.min(bins - 1, Math.floor(((code + 0.5) * bins) / MAX_CODE));
  }
  binOf[MISSING] = bins;
  const binned = new Uint8Array(codes.length);
  for (let i = 0; i < codes.length; i++) binned[i] = binOf[codes[i]!]!;
  return binned;
}

/** Cells per bin (bins,), of all or of those in the 0/1 mask; missing values are not counted. */
export function countBins(binned: Uint8Array, bins = BINS, mask?: Uint8Array): Uint32Array<ArrayBuffer> {
  const counts = new Uint32Array(256);
  if (mask === undefined) {
    for (let i = 0; i < binned.length; i++) counts[binned[i]!]! += 1;
  } else {
    for (let i = 0; i < binned.length; i++) counts[binned[i]!]! += mask[i]!;
  }
  return counts.slice(0, bins);
}

/**
 * Cells per category (n_categories + 1,), of all or of those in the 0/1 mask. The last count is of the
 * cells without a category (code MISSING).
 */
export function countCategories(
  codes: Uint16Array,
  nCategories: number,
  mask?: Uint8Array,
): Uint32Array<ArrayBuffer> {
  const counts = new Uint32Array(MISSING + 1);
  if (mask === undefined) {
    for (let i = 0; i < codes.length; i++) counts[codes[i]!]! += 1;
  } else {
    for (let i = 0; i < codes.length; i++) counts[codes[i]!]! += mask[i]!;
  }
  const answer = counts.slice(0, nCategories + 1);
  answer[nCategories] = counts[MISSING]!;
  return answer;
}

/** Edges of equal bins over [min, max] (bins + 1,). */
export function binEdges(min: number, max: number, bins = BINS): Float64Array<ArrayBuffer> {
  const edges = new Float64Array(bins + 1);
  for (let k = 0; k <= bins; k++) edges[k] = k === bins ? max : min + ((max - min) * k) / bins;
  return edges;
}
