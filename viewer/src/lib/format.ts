// Numbers and names as people read them.

const THIN_SPACE = "\u202f"; // narrow and no-break: digits stay together
const MINUS = "\u2212";
const SIGNIFICANT = 4;

/** At most four significant digits, no trailing zeros; exponents only below 1e-4 and from 1e7 on. */
export function formatNumber(value: number): string {
  if (Number.isNaN(value)) return "–";
  if (!Number.isFinite(value)) return value > 0 ? "∞" : `${MINUS}∞`;
  if (value === 0) return "0";
  const size = Math.abs(value);
  const sign = value < 0 ? MINUS : "";
  if (size < 1e-4 || size >= 1e7) return sign + scientific(size);
  if (size >= 10 ** (SIGNIFICANT - 1)) return sign + grouped(Math.round(size));
  return sign + String(Number(size.toPrecision(SIGNIFICANT)));
}

/** Before the number at an end (part 0 or 1) of a color bar: "≤ " or "≥ " where values lie beyond it. */
export function endSign(cut: readonly [low: boolean, high: boolean] | undefined, part: number): string {
  if (part === 0 && cut?.[0]) return "≤ ";
  return part === 1 && cut?.[1] ? "≥ " : "";
}

/** A count of cells or genes: thousands set apart by thin spaces, from five digits on. */
export function formatCount(count: number): string {
  return grouped(Math.round(count));
}

/** A day as people here write it: "28 Nov 2026". */
export function formatDay(iso: string): string {
  return new Date(iso).toLocaleDateString(undefined, { day: "numeric", month: "short", year: "numeric" });
}

/** A moment as people here write it, to the minute: "28 Nov, 14:05". */
export function formatMoment(iso: string): string {
  const shape = { day: "numeric", month: "short", hour: "2-digit", minute: "2-digit" } as const;
  return new Date(iso).toLocaleString(undefined, shape);
}

/** Shorten a name in its middle, where names of a kind differ least: "CD4+ naive…T cell". */
export function middleEllipsis(text: string, maxLength: number): string {
  const letters = Array.from(text); // by code point: no half surrogate pairs
  if (letters.length <= maxLength) return text;
  if (maxLength <= 1) return "…";
  const head = Math.ceil((maxLength - 1) / 2);
  const tail = maxLength - 1 - head;
  return `${letters.slice(0, head).join("")}…${letters.slice(letters.length - tail).join("")}`;
}

function grouped(whole: number): string {
  const digits = String(Math.abs(whole));
  const sign = whole < 0 ? MINUS : "";
  if (digits.length < 5) return sign + digits;
  return sign + digits.replace(/\B(?=(\d{3})+$)/g, THIN_SPACE);
}

function scientific(size: number): string {
  const [mantissa, exponent] = size.toExponential(SIGNIFICANT - 1).split("e") as [string, string];
  return `${Number(mantissa)}e${exponent.replace("+", "").replace("-", MINUS)}`;
}
