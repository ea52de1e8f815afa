import { expect, it } from "vitest";
import { fromBase64, toBase64 } from "./base64";

it("goes there and back", () => {
  const bytes = Uint8Array.from({ length: 256 }, (_, i) => i);
  expect(fromBase64(toBase64(bytes))).toEqual(bytes);
  expect(toBase64(Uint8Array.of(15, 0, 0))).toBe("DwAA"); // as Python's b64encode
  expect(() => fromBase64("*")).toThrow();
});
