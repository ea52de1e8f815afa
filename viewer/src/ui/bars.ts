export type YScale = "linear" | "log";

/** The height of a bar, 0–1, of a count under the largest count. */
export function barHeight(count: number, most: number, scale: YScale): number {
  if (count <= 0 || most <= 0) return 0;
  return scale === "log" ? Math.log1p(count) / Math.log1p(most) : count / most;
}

/** The largest count. */
export function largest(counts: ArrayLike<number>): number {
  let most = 0;
  for (let i = 0; i < counts.length; i++) most = Math.max(most, counts[i]!);
  return most;
}

/** True when one bar towers so high that most of the others cannot be seen. */
export function isSkewed(counts: ArrayLike<number>): boolean {
  const filled = Array.from(counts).filter((count) => count > 0);
  if (filled.length < 3) return false;
  const most = largest(filled);
  return filled.filter((count) => count < most * 0.04).length > filled.length / 2;
}

/** An SVG path of bars with a gap, standing on the bottom of a width × height box. */
export function barsPath(
  counts: ArrayLike<number>,
  most: number,
  scale: YScale,
  width: number,
  height: number,
  gap = 1,
): string {
  const step = width / counts.length;
  const bar = Math.max(step - gap, step * 0.6);
  let path = "";
  for (let i = 0; i < counts.length; i++) {
    const tall = barHeight(counts[i]!, most, scale) * height;
    if (tall <= 0) continue;
    const top = height - Math.max(tall, 1); // a bar that is there can be seen
    path += `M${(i * step).toFixed(2)} ${height}V${top.toFixed(2)}h${bar.toFixed(2)}V${height}z`;
  }
  return path;
}
