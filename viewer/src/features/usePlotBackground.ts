// The color behind the points, by the theme that is shown.

import { useSyncExternalStore } from "react";
import { parseHex, type Rgb } from "../lib/palettes";

const WHITE: Rgb = [255, 255, 255];

function onTheme(listener: () => void): () => void {
  const observer = new MutationObserver(listener);
  observer.observe(document.documentElement, { attributeFilter: ["data-theme"] });
  return () => observer.disconnect();
}

const shown = (): string => getComputedStyle(document.documentElement).getPropertyValue("--cxg-plot").trim();

export function usePlotBackground(): Rgb {
  return parseHex(useSyncExternalStore(onTheme, shown)) ?? WHITE;
}
