// Where the list of colors can stand so that it covers no points.

import { largestSide } from "../../lib/grid";
import type { Size } from "../../ui/useSize";

/**
 * over: where one plot is empty beside its square; wide, narrow: beside the plots, which lose nothing; tight: beside
 * the plots, and the tools on their other side; none: the plots would become too small.
 */
export type Room = "over" | "wide" | "narrow" | "tight" | "none";

// CSS pixels, as in embedding.module.css
const LIST = { narrow: 160, wide: 216 }; // with the gap to the points
const TOOLS = 46;

const POINTS = 0.9; // of a plot's side: the square of the points, seen from the home camera
const LARGEST_PART = 0.2; // of the plots' side that the list may take

/** The best place in a field of this size; plots beyond the first have the tools beside them anyway. */
export function roomFor({ width, height }: Size, plots: number): Room {
  if (plots === 1) {
    const square = POINTS * Math.min(width, height);
    if ((width - square) / 2 >= LIST.wide) return "over";
    for (const room of ["wide", "narrow"] as const) {
      if (width - LIST[room] >= square + 2 * TOOLS) return room;
    }
  }
  const left = width - TOOLS;
  const side = largestSide(plots, left, height);
  if (plots > 1 && largestSide(plots, left - LIST.wide, height) === side) return "wide";
  if (largestSide(plots, left - LIST.narrow, height) < (1 - LARGEST_PART) * side) return "none";
  return plots > 1 ? "narrow" : "tight";
}
