// The outline of a violin from a histogram: a Gaussian kernel density with Scott's bandwidth, as scanpy's
// (seaborn's) violins have it, cut at the ends of the data.

export interface Outline {
  at: number[]; // values
  density: number[]; // the highest is 1
}

const POINTS = 80;

export function outline(
  counts: readonly number[],
  span: readonly [number, number],
  ends: readonly [number, number],
  deviation: number,
): Outline | null {
  const n = counts.reduce((sum, count) => sum + count, 0);
  const [low, high] = ends;
  if (n === 0 || !(high > low)) return null;
  const step = (span[1] - span[0]) / counts.length;
  // Narrower than the bins it would show these, not the data.
  const bandwidth = Math.max(deviation * n ** -0.2, step * 0.75);
  const middles = counts.map((_, i) => span[0] + (i + 0.5) * step);
  const at = Array.from({ length: POINTS }, (_, i) => low + ((high - low) * i) / (POINTS - 1));
  const density = at.map((value) =>
    counts.reduce(
      (sum, count, i) =>
        count ? sum + count * Math.exp(-0.5 * ((value - middles[i]!) / bandwidth) ** 2) : sum,
      0,
    ),
  );
  const highest = Math.max(...density);
  return { at, density: density.map((value) => value / highest) };
}
