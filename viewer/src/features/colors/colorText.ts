// Colors as people write them: "#ff8800", "f80", "tomato", "rgb(255 136 0)".

import { parseHex, type Rgb } from "../../lib/palettes";

export const hexOf = (rgb: Rgb): string =>
  `#${rgb.map((part) => part.toString(16).padStart(2, "0")).join("")}`;

/** As "#rrggbb"; null: no color, or one that is not opaque. */
export function colorOf(text: string, named: (name: string) => string | null = cssColor): string | null {
  const plain = text.trim();
  const rgb = parseHex(plain.startsWith("#") ? plain : `#${plain}`);
  return rgb ? hexOf(rgb) : plain === "" ? null : named(plain);
}

/** What the browser makes of a color in CSS. */
function cssColor(text: string): string | null {
  if (!CSS.supports("color", text)) return null;
  const draw = document.createElement("canvas").getContext("2d");
  if (!draw) return null;
  draw.fillStyle = text;
  const found = draw.fillStyle; // "#rrggbb" when it is opaque
  return parseHex(found) && !/^(currentcolor|inherit|transparent)$/i.test(text) ? found : null;
}
