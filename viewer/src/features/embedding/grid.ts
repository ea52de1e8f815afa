const BETTER = 1.08; // a little smaller is no reason to stand one above the other

/** How many plots stand side by side so that each gets about the largest square. */
export function columnsFor(plots: number, width: number, height: number): number {
  let best = { columns: plots, side: 0 };
  for (let columns = plots; columns >= 1; columns--) {
    const side = Math.min(width / columns, height / Math.ceil(plots / columns));
    if (side > best.side * BETTER) best = { columns, side };
  }
  return best.columns;
}
