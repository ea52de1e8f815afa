import type { PointStyle, Rgb } from "../../gpu/renderer";
import { parseHex } from "../../lib/palettes";

export interface PlotStyle extends PointStyle {
  plain: Rgb; // of all points while nothing colors them
}

/** The plot's colors by the tokens that hold for an element. */
export function plotStyle(element: Element): PlotStyle {
  const tokens = getComputedStyle(element);
  const color = (token: string): Rgb => parseHex(tokens.getPropertyValue(token).trim()) ?? [128, 128, 128];
  return {
    background: color("--cxg-plot"),
    missing: color("--cxg-point-missing"),
    plain: color("--cxg-point"),
    pointSize: "auto",
    opacity: 1,
    contextOpacity: Number(tokens.getPropertyValue("--cxg-context-opacity")),
  };
}

/** The same for a theme that need not be the one shown. */
export function plotStyleOf(theme: "light" | "dark"): PlotStyle {
  const probe = document.createElement("div");
  probe.dataset.theme = theme;
  document.body.append(probe);
  const style = plotStyle(probe);
  probe.remove();
  return style;
}
