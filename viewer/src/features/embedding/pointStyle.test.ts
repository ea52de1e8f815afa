// @vitest-environment jsdom
import { afterEach, expect, it } from "vitest";
import { plotStyle } from "./pointStyle";

afterEach(() => document.documentElement.removeAttribute("style"));

const styleWith = (tokens: Record<string, string>) => {
  for (const [name, value] of Object.entries(tokens)) document.documentElement.style.setProperty(name, value);
  return plotStyle(document.documentElement);
};

it("takes the colors of the theme, as a built stylesheet shortens them", () => {
  const style = styleWith({ "--cxg-plot": "#fff", "--cxg-point": "#b9c3d2", "--cxg-context-opacity": ".5" });
  expect(style.background).toEqual([255, 255, 255]);
  expect(style.plain).toEqual([185, 195, 210]);
  expect(style.contextOpacity).toBe(0.5);
});

it("is the white of a bare page without a stylesheet", () => {
  const style = styleWith({});
  expect(style.background).toEqual([255, 255, 255]);
  expect(style.contextOpacity).toBeGreaterThan(0);
});
