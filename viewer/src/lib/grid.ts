// Plots side by side, all of one size.

const BETTER = 1.08; // a little smaller is no reason to stand one above the other, or to leave a place empty

const sideIn = (columns: number, plots: number, width: number, height: number): number =>
  Math.min(width / columns, height / Math.ceil(plots / columns));

/** How many plots stand side by side so that each gets about the largest square, and few places stay empty. */
export function columnsFor(plots: number, width: number, height: number): number {
  const largest = largestSide(plots, width, height);
  const empty = (columns: number): number => columns * Math.ceil(plots / columns) - plots;
  let best = 0;
  for (let columns = plots; columns >= 1; columns--) {
    if (sideIn(columns, plots, width, height) * BETTER < largest) continue;
    if (best === 0 || empty(columns) < empty(best)) best = columns;
  }
  return best;
}

/** The side of the largest square that each of the plots can have. */
export function largestSide(plots: number, width: number, height: number): number {
  let largest = 0;
  for (let columns = 1; columns <= plots; columns++) {
    largest = Math.max(largest, sideIn(columns, plots, width, height));
  }
  return largest;
}
