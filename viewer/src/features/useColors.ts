// The colors of the points, as CSS.

import { rgbAt, rgbToCss } from "../lib/palettes";
import { pointColors } from "../state/selectors";
import { useApp, useViewer } from "./useViewer";

/** What the points are drawn with; the same object until it changes. */
export function usePointColors(): ReturnType<typeof pointColors> {
  const viewer = useViewer();
  return useApp((state) => pointColors(viewer, state.view));
}

/** All colors of a palette of RGB triples. */
export function cssColors(palette: Uint8Array): string[] {
  return Array.from({ length: palette.length / 3 }, (_, i) => rgbToCss(rgbAt(palette, i)));
}

const STOPS = 13;

/** Evenly spaced colors of a palette for numbers, lowest first, enough for a smooth gradient. */
export function gradientStops(palette: Uint8Array): string[] {
  const last = palette.length / 3 - 1;
  return Array.from({ length: STOPS }, (_, i) => rgbToCss(rgbAt(palette, Math.round((last * i) / (STOPS - 1)))));
}
