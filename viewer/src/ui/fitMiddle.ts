import { middleEllipsis } from "../lib/format";

/** The text with as much of its middle left out as this room (in the units of `measure`) demands. */
export function fitMiddle(text: string, room: number, measure: (text: string) => number): string {
  const cut = (length: number): string => middleEllipsis(text, length).replace(/\s*…\s*/, "…"); // no gaps
  let [fits, tooLong] = [1, Array.from(text).length];
  while (tooLong - fits > 1) {
    const length = (fits + tooLong) >> 1;
    if (measure(cut(length)) <= room) fits = length;
    else tooLong = length;
  }
  return cut(fits);
}
