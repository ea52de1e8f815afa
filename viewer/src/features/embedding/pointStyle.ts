import { DEFAULT_STYLE, type PointStyle, type Rgb } from "../../gpu/renderer";
import { parseHex } from "../../lib/palettes";

export interface PlotStyle extends PointStyle {
  plain: Rgb; // of all points while nothing colors them
}

/** What holds without a stylesheet, on the white page that a browser then shows. */
const UNSTYLED: PlotStyle = { ...DEFAULT_STYLE, plain: [60, 70, 87] };

/** The plot's colors by the tokens that hold for an element. */
export function plotStyle(element: Element): PlotStyle {
  const tokens = getComputedStyle(element);
  const color = (token: string): Rgb | null => parseHex(tokens.getPropertyValue(token).trim());
  return {
    ...UNSTYLED,
    background: color("--cxg-plot") ?? UNSTYLED.background,
    missing: color("--cxg-point-missing") ?? UNSTYLED.missing,
    plain: color("--cxg-point") ?? UNSTYLED.plain,
    contextOpacity: Number(tokens.getPropertyValue("--cxg-context-opacity")) || UNSTYLED.contextOpacity,
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
