import { expect, test } from "vitest";
import { annotated, crc } from "./png";

// 1 × 1, of any PNG: signature, header and end are what matters here
const PNG = Uint8Array.from(
  atob("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="),
  (letter) => letter.charCodeAt(0),
);

function chunks(png: Uint8Array): { kind: string; data: Uint8Array }[] {
  const view = new DataView(png.buffer);
  const found = [];
  for (let at = 8; at < png.length; ) {
    const length = view.getUint32(at);
    const named = png.subarray(at + 4, at + 8 + length);
    expect(view.getUint32(at + 8 + length)).toBe(crc(named));
    found.push({ kind: new TextDecoder().decode(named.subarray(0, 4)), data: named.subarray(4) });
    at += length + 12;
  }
  return found;
}

test("the checksum is that of ISO 3309", () => {
  expect(crc(new TextEncoder().encode("IEND"))).toBe(0xae426082);
});

test("a PNG says its resolution and where it comes from, behind its header", () => {
  const found = chunks(annotated(PNG, 300, { Title: "Größe 🧬" }));
  expect(found.map(({ kind }) => kind)).toEqual(["IHDR", "pHYs", "iTXt", "IDAT", "IEND"]);
  expect(new DataView(found[1]!.data.slice().buffer).getUint32(0)).toBe(11811); // per meter
  expect(new TextDecoder().decode(found[2]!.data)).toBe("Title\0\0\0\0\0Größe 🧬");
});
