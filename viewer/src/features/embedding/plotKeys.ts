import type { KeyboardEvent } from "react";
import { panBy } from "../../lib/camera";
import type { Plot } from "./Plot";

const STEP = 40; // CSS pixels of an arrow key

const ARROWS: Record<string, readonly [number, number]> = {
  ArrowLeft: [STEP, 0],
  ArrowRight: [-STEP, 0],
  ArrowUp: [0, STEP],
  ArrowDown: [0, -STEP],
};

/** The arrow keys move the plot while it has the focus. */
export function plotKeys(event: KeyboardEvent, plot: Plot): void {
  const arrow = ARROWS[event.key];
  if (!arrow || event.shiftKey || event.target !== event.currentTarget) return;
  event.preventDefault();
  plot.setCamera(panBy(plot.camera, ...arrow, plot.width, plot.height));
}
