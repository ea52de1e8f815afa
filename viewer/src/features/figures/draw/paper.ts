// What all figures are drawn with: colors and sizes of the print, and SVG elements made in a document of
// their own. Plot adds a <style> element, which the page's policy forbids; where nothing is shown nothing is
// applied, and it is taken out before the figure comes into the page.

export interface Ink {
  text: string;
  muted: string;
  line: string;
  paper: string;
  missing: string;
}

export const PRINT: Ink = {
  text: "#1f2430",
  muted: "#5b6472",
  line: "#c4c9d1",
  paper: "#ffffff",
  missing: "#d9d9d9",
};

export const FONT = "Helvetica, Arial, 'Liberation Sans', sans-serif";
export const PX_PER_MM = 96 / 25.4;
export const PX_PER_PT = 96 / 72;

/** What a figure is to know beside its numbers. */
export interface Setup {
  ink: Ink;
  font: number; // pixels
  map: (part: number) => string; // of numbers: 0–1 → color
  colorOf: (by: number, category: string) => string; // of the category of the first, second … column
  colorOfBar: (bar: number, category: string) => string; // likewise of the bars of a heat map
  order: (by: number) => readonly string[]; // the categories of the first, second … column
  orderOfBar: (bar: number) => readonly string[];
  width: number | null; // pixels that the body may take; null = what it asks for
  height: number | null;
}

/** Without its legend and caption. */
export interface Body {
  svg: SVGSVGElement;
  width: number;
  height: number;
  legends: Legend[];
  summary: string; // one sentence, for those who do not see it
}

export type Legend =
  // cut: there are values beyond the end
  | { kind: "ramp"; title: string; low: number; high: number; cut?: readonly [boolean, boolean] }
  | { kind: "sizes"; title: string; radius: (part: number) => number; parts: number[] }
  | { kind: "swatches"; title: string; entries: { name: string; color: string }[] };

const SVG = "http://www.w3.org/2000/svg";
let desk: Document | null = null;

/** A document that nobody sees. */
export function inert(): Document {
  desk ??= document.implementation.createHTMLDocument("");
  return desk;
}

type Attributes = Record<string, string | number | null | undefined>;

export function element<K extends keyof SVGElementTagNameMap>(
  name: K,
  attributes: Attributes = {},
  children: (SVGElement | string)[] = [],
): SVGElementTagNameMap[K] {
  const made = inert().createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value !== null && value !== undefined) made.setAttribute(key, String(value));
  }
  made.append(...children);
  return made;
}

/** An SVG of a size in pixels. */
export function sheet(width: number, height: number, children: SVGElement[]): SVGSVGElement {
  return element("svg", { width, height, viewBox: `0 0 ${width} ${height}` }, children);
}

let pen: CanvasRenderingContext2D | null = null;

/** How wide a text is, in pixels. */
export function textWidth(text: string, font: number): number {
  pen ??= document.createElement("canvas").getContext("2d");
  if (!pen) return text.length * font * 0.55;
  pen.font = `${font}px ${FONT}`;
  return pen.measureText(text).width;
}

export const widest = (texts: readonly string[], font: number): number =>
  texts.reduce((most, text) => Math.max(most, textWidth(text, font)), 0);

/** The figure that Plot has made, ready for the page: without its style sheet. */
export function fromPlot(made: SVGElement | HTMLElement): SVGSVGElement {
  const svg = made as unknown as SVGSVGElement;
  for (const style of svg.querySelectorAll("style")) style.remove();
  svg.removeAttribute("class");
  // Labels of Plot's groups are no names that a reader should hear.
  for (const group of svg.querySelectorAll("[aria-label]")) {
    group.setAttribute("data-part", group.getAttribute("aria-label")!);
    group.removeAttribute("aria-label");
  }
  svg.removeAttribute("font-family");
  return svg;
}

/** Writes onto the marks of one kind what they are of, for clicks: Plot numbers them as its data. */
export function tag(
  svg: SVGSVGElement,
  part: string,
  rows: readonly { feature?: string; group?: number }[],
): void {
  for (const mark of svg.querySelectorAll(`[data-part="${part}"] > *`)) {
    const row = rows[(mark as unknown as { __data__: number }).__data__];
    if (row?.feature !== undefined) mark.setAttribute("data-feature", row.feature);
    if (row?.group !== undefined) mark.setAttribute("data-group", String(row.group));
  }
}
