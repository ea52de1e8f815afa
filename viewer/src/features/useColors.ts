// The colors of the points, as CSS.

import { useMemo } from "react";
import { visibleOn } from "../lib/contrast";
import { rgbAt, rgbToCss } from "../lib/palettes";
import { type PointColors, pointColors } from "../state/selectors";
import { usePlotBackground } from "./usePlotBackground";
import { useApp, useViewer } from "./useViewer";

/** What the points are drawn with; the same object until it changes. */
export function usePointColors(): PointColors {
  const viewer = useViewer();
  const colors = useApp((state) => pointColors(viewer, state.view));
  const background = String(usePlotBackground());
  return useMemo(() => {
    const [r = 0, g = 0, b = 0] = background.split(",").map(Number);
    return { ...colors, palette: visibleOn(colors.palette, [r, g, b]) };
  }, [colors, background]);
}

/** All colors of a palette of RGB triples. */
export function cssColors(palette: Uint8Array): string[] {
  return Array.from({ length: palette.length / 3 }, (_, i) => rgbToCss(rgbAt(palette, i)));
}

const STOPS = 13;

/** Evenly spaced colors of the numbers in `shown`, under a palette stretched over `domain`. */
export function gradientStops(
  palette: Uint8Array,
  domain: readonly [number, number],
  shown: readonly [number, number],
): string[] {
  const last = palette.length / 3 - 1;
  return Array.from({ length: STOPS }, (_, i) => {
    const value = shown[0] + ((shown[1] - shown[0]) * i) / (STOPS - 1);
    const part = (value - domain[0]) / (domain[1] - domain[0] || 1);
    return rgbToCss(rgbAt(palette, Math.round(last * Math.min(1, Math.max(0, part)))));
  });
}
