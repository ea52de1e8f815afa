// Where something that lies over the plot covers the fewest points.

import type { Projection } from "./camera";

export type Side = "left" | "right";

export interface Size {
  width: number;
  height: number;
}

/**
 * The bottom corner of the plot in which a box of this size covers fewer points; left when both cover as many.
 * All sizes in CSS pixels; x and y, each (n,), as the projection takes them.
 */
export function emptierSide(
  x: Float32Array,
  y: Float32Array,
  projection: Projection,
  plot: Size,
  box: Size,
): Side {
  const [leftEdge, top] = projection.toData(box.width, plot.height - box.height);
  const [rightEdge] = projection.toData(plot.width - box.width, 0);
  let left = 0;
  let right = 0;
  for (let i = 0; i < x.length; i++) {
    if (!(y[i]! < top)) continue; // above, or without a place
    if (x[i]! < leftEdge) left++;
    if (x[i]! > rightEdge) right++;
  }
  return right < left ? "right" : "left";
}
