import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { contrast, luminance, visibleOn } from "./contrast";
import { COLOR_MAP_NAMES, categoryColors, colorMap, parseHex, type Rgb, rgbAt } from "./palettes";

const DARK: Rgb = [0x14, 0x17, 0x1c];
const WHITE: Rgb = [255, 255, 255];
const all = (palette: Uint8Array): Rgb[] =>
  Array.from({ length: palette.length / 3 }, (_, i) => rgbAt(palette, i));

it("contrast is WCAG's", () => {
  expect(contrast(WHITE, [0, 0, 0])).toBeCloseTo(21);
  expect(contrast(WHITE, WHITE)).toBe(1);
  expect(contrast([118, 118, 118], WHITE)).toBeCloseTo(4.54, 2); // the well-known #767676
});

describe("a palette on a dark background", () => {
  it.each(COLOR_MAP_NAMES)("%s has no color that cannot be seen", (name) => {
    for (const color of all(visibleOn(colorMap(name), DARK)))
      expect(contrast(color, DARK)).toBeGreaterThan(1.75);
  });
  it.each(["viridis", "magma", "cividis"] as const)("%s still goes up", (name) => {
    const values = all(visibleOn(colorMap(name), DARK)).map(luminance);
    const drops = values.slice(1).map((value, i) => values[i]! - value);
    expect(Math.max(...drops)).toBeLessThan(0.004); // of rounding
    expect(values.at(-1)! - values[0]!).toBeGreaterThan(0.5);
  });
  it("leaves alone what can be seen, and all of it on a light one", () => {
    const bright = categoryColors(5);
    expect(visibleOn(bright, WHITE)).toBe(bright);
    const yellow = Uint8Array.from([253, 231, 37]);
    expect([...visibleOn(yellow, DARK)]).toEqual([253, 231, 37]);
    const black = categoryColors(1, ["#000000"]);
    expect(visibleOn(black, WHITE)).toBe(black);
    expect(contrast(rgbAt(visibleOn(black, DARK), 0), DARK)).toBeGreaterThan(1.7);
  });
  it("is made once", () => {
    const palette = colorMap("viridis");
    expect(visibleOn(palette, DARK)).toBe(visibleOn(palette, DARK));
  });
});

// Every theme's colors, as the stylesheet has them.
const CSS = readFileSync(join(import.meta.dirname, "../styles/tokens.css"), "utf8");
const LIGHT_BLOCK = CSS.slice(CSS.indexOf(":root,"), CSS.indexOf('[data-theme="dark"]'));
const DARK_BLOCK = CSS.slice(CSS.indexOf('[data-theme="dark"]'), CSS.indexOf("@media (prefers-contrast"));
const MORE = CSS.slice(CSS.indexOf("@media (prefers-contrast"), CSS.indexOf("@media (prefers-reduced"));
const [MORE_LIGHT, MORE_DARK] = MORE.split('[data-theme="dark"]') as [string, string];
const tokens = (...blocks: string[]): Record<string, string> =>
  Object.fromEntries(
    blocks.flatMap((block) => [...block.matchAll(/--cxg-([\w-]+): ([^;]+);/g)].map((m) => [m[1]!, m[2]!])),
  );
const THEMES = {
  light: tokens(LIGHT_BLOCK),
  dark: tokens(LIGHT_BLOCK, DARK_BLOCK),
  "light, more contrast": tokens(LIGHT_BLOCK, MORE_LIGHT),
  "dark, more contrast": tokens(LIGHT_BLOCK, DARK_BLOCK, MORE_DARK),
};

describe.each(Object.entries(THEMES))("the theme %s", (_, theme) => {
  const color = (name: string): Rgb => parseHex(theme[name]!)!;
  it.each(["plot", "panel", "raised", "sunken"])("has text that can be read on %s", (surface) => {
    for (const ink of ["text", "text-muted"])
      expect(contrast(color(ink), color(surface)), ink).toBeGreaterThanOrEqual(4.5);
    for (const ink of ["danger", "warning"])
      expect(contrast(color(ink), color(surface)), ink).toBeGreaterThanOrEqual(4.5);
  });
  it.each(["plot", "panel", "raised"])("has controls and focus that can be seen on %s", (surface) => {
    for (const ink of ["line-strong", "accent", "point"])
      expect(contrast(color(ink), color(surface)), ink).toBeGreaterThanOrEqual(3);
  });
  it("has text on the accent that can be read", () => {
    expect(contrast(color("text-on-accent"), color("accent"))).toBeGreaterThanOrEqual(4.5);
  });
});
