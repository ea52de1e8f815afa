// What a PNG says of itself: how many pixels an inch has in print, and where it comes from.

const SIGNATURE = 8; // bytes
const HEADER = 25; // the IHDR chunk, which is always first
const INCH = 0.0254; // meters

/** The PNG with its resolution and texts (keyword → text) written behind its header. */
export function annotated(
  png: Uint8Array,
  dpi: number,
  texts: Record<string, string>,
): Uint8Array<ArrayBuffer> {
  const perMeter = Math.round(dpi / INCH);
  const size = new DataView(new ArrayBuffer(9));
  size.setUint32(0, perMeter);
  size.setUint32(4, perMeter);
  size.setUint8(8, 1); // the unit is the meter
  const chunks = [chunk("pHYs", new Uint8Array(size.buffer))];
  for (const [keyword, text] of Object.entries(texts)) {
    // keyword, 0, not compressed (two bytes), no language, no translated keyword, text as UTF-8
    chunks.push(chunk("iTXt", new TextEncoder().encode(`${keyword}\0\0\0\0\0${text}`)));
  }
  const head = SIGNATURE + HEADER;
  return joined([png.subarray(0, head), ...chunks, png.subarray(head)]);
}

function chunk(kind: string, data: Uint8Array): Uint8Array {
  const named = joined([new TextEncoder().encode(kind), data]);
  return joined([uint32(data.length), named, uint32(crc(named))]);
}

function joined(parts: Uint8Array[]): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

function uint32(value: number): Uint8Array {
  const view = new DataView(new ArrayBuffer(4));
  view.setUint32(0, value);
  return new Uint8Array(view.buffer);
}

/** CRC-32 as PNG has it (ISO 3309), bit by bit: there are few bytes. */
export function crc(bytes: Uint8Array): number {
  let sum = 0xffffffff;
  for (const byte of bytes) {
    sum ^= byte;
    for (let bit = 0; bit < 8; bit++) sum = sum & 1 ? (sum >>> 1) ^ 0xedb88320 : sum >>> 1;
  }
  return (sum ^ 0xffffffff) >>> 0;
}
