// The ends of a color range as people type them.

import { formatNumber } from "../../lib/format";
import { parseTyped } from "../../ui/RangeFields";

export type Ends = readonly [min: number | null, max: number | null]; // null: the end of the data
export type Typed = readonly [from: string, to: string];

export const typedOf = ([min, max]: Ends): Typed => [
  min === null ? "" : formatNumber(min),
  max === null ? "" : formatNumber(max),
];

/** What was typed, or one sentence on why it is no range. An end whose text has not changed keeps all its digits. */
export function endsOf(typed: Typed, before: Ends, data: readonly [number, number]): Ends | string {
  const shown = typedOf(before);
  const found: (number | null)[] = [];
  for (const end of [0, 1] as const) {
    const text = typed[end].trim();
    const value = text === "" ? null : text === shown[end] ? before[end] : parseTyped(text);
    if (value !== null && !Number.isFinite(value)) {
      return `“${text}” is no number: type one such as 4.2, or nothing for the end of the data.`;
    }
    found.push(value);
  }
  const [min, max] = found as [number | null, number | null];
  if (min === null && max === null) return [null, null];
  if (min !== null && max !== null && min >= max) {
    return "The first number has to be below the second.";
  }
  if (min !== null && max === null && min >= data[1]) {
    return `All values are below ${formatNumber(min)}: type a smaller number, or a second one above it.`;
  }
  if (max !== null && min === null && max <= data[0]) {
    return `All values are above ${formatNumber(max)}: type a larger number, or a first one below it.`;
  }
  return [min, max];
}
