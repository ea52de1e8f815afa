import { expect, it } from "vitest";
import { colorOf, hexOf } from "./colorText";

const named = (name: string): string | null => (name === "tomato" ? "#ff6347" : null);

it("reads hex with and without its sign, and names", () => {
  expect(colorOf(" #F80 ", named)).toBe("#ff8800");
  expect(colorOf("ff8800", named)).toBe("#ff8800");
  expect(colorOf("tomato", named)).toBe("#ff6347");
  expect(hexOf([0, 10, 255])).toBe("#000aff");
});

it("takes nothing else", () => {
  for (const text of ["", "  ", "#12", "#gggggg", "foo", "<b>"]) expect(colorOf(text, named)).toBeNull();
});
