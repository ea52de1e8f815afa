// A figure as one sheet: the body, its legends to the right, and beneath what it is of.

import { endSign } from "../../../lib/format";
import { short } from "./grid";
import { type Body, element, FONT, type Legend, type Setup, sheet, textWidth, widest } from "./paper";

const RAMP_STEPS = 48;
const RAMP = { wide: 0.9, tall: 8 }; // × the font's size

export interface Sheet {
  svg: SVGSVGElement;
  width: number;
  height: number;
  summary: string;
}

export interface Around {
  caption: string[]; // lines; none: no caption
  background: string | null;
}

/** What legends take beside the body. */
export function legendWidth(legends: readonly Legend[], { font }: Setup): number {
  const each = legends.map((legend) => {
    if (legend.kind === "swatches") return swatchSize(legend.entries, font).width;
    if (legend.kind === "sizes") return 2 * Math.max(...legend.parts.map(legend.radius)) + font * 5;
    return font * 5;
  });
  const titles = widest(
    legends.map(({ title }) => title),
    font,
  );
  return legends.length === 0 ? 0 : Math.max(titles, ...each) + font * 1.5;
}

export const captionHeight = (caption: readonly string[], { font }: Setup): number =>
  caption.length === 0 ? 0 : font * (0.8 + caption.length * 1.15);

/** Lines no wider than that, broken between words. */
export function wrapped(lines: readonly string[], width: number, font: number): string[] {
  return lines.flatMap((line) => {
    const found: string[] = [];
    for (const word of line.split(" ")) {
      const longer = `${found.at(-1) ?? ""} ${word}`.trim();
      if (found.length > 0 && textWidth(longer, font) <= width) found[found.length - 1] = longer;
      else found.push(word);
    }
    return found;
  });
}

export function compose(body: Body, around: Around, setup: Setup): Sheet {
  const { font, ink } = setup;
  const pad = font * 0.6;
  const beside = legendWidth(body.legends, setup);
  const width = body.width + beside + 2 * pad;
  const caption = wrapped(around.caption, width - 2 * pad, font * 0.8);
  const legends = drawLegends(body.legends, { x: pad + body.width + font, y: pad + font }, setup);
  const inner = Math.max(body.height, legends.height + font);
  const height = inner + captionHeight(caption, setup) + 2 * pad;
  body.svg.setAttribute("x", String(pad));
  body.svg.setAttribute("y", String(Number(body.svg.getAttribute("y") ?? 0) + pad));
  body.svg.setAttribute("overflow", "visible");
  const lines = caption.map((line, i) =>
    element("text", { x: pad, y: pad + inner + font * (1.3 + i * 1.15) }, [line]),
  );
  const children: SVGElement[] = [body.svg, legends.made];
  if (around.background) children.unshift(element("rect", { width, height, fill: around.background }));
  children.push(element("g", { "font-size": font * 0.8, fill: ink.muted, "data-part": "caption" }, lines));
  const svg = sheet(width, height, children);
  svg.setAttribute("font-family", FONT);
  svg.setAttribute("fill", ink.text);
  svg.setAttribute("color", ink.text);
  return { svg, width, height, summary: body.summary };
}

interface At {
  x: number;
  y: number;
}

function drawLegends(
  legends: readonly Legend[],
  { x, y }: At,
  setup: Setup,
): { made: SVGElement; height: number } {
  const { font } = setup;
  const made = element("g", { "font-size": font, "data-part": "legend", "font-family": FONT });
  let below = y;
  for (const legend of legends) {
    made.append(element("text", { x, y: below + font * 0.4, "font-weight": 600 }, [legend.title]));
    const from = { x, y: below + font * 1.5 };
    const { parts, height } =
      legend.kind === "ramp"
        ? ramp(legend, from, setup)
        : legend.kind === "sizes"
          ? sizes(legend, from, setup)
          : swatches(legend, from, setup);
    made.append(...parts);
    below += height + font * 3.1;
  }
  return { made, height: below - font * 1.6 };
}

type Drawn = { parts: SVGElement[]; height: number };

function ramp({ low, high, cut }: Extract<Legend, { kind: "ramp" }>, { x, y }: At, setup: Setup): Drawn {
  const { font, ink } = setup;
  const [wide, tall] = [font * RAMP.wide, font * RAMP.tall];
  const each = tall / RAMP_STEPS;
  const parts: SVGElement[] = Array.from({ length: RAMP_STEPS }, (_, i) => {
    const at = { x, y: y + tall - (i + 1) * each, width: wide, height: each + 0.3 };
    return element("rect", {
      ...at,
      fill: setup.map((i + 0.5) / RAMP_STEPS),
      "shape-rendering": "crispEdges",
    });
  });
  for (const share of [0, 0.5, 1]) {
    const line = y + tall * (1 - share);
    parts.push(
      element("line", {
        x1: x + wide,
        x2: x + wide + 3,
        y1: line,
        y2: line,
        stroke: ink.muted,
        "stroke-width": 0.6,
      }),
      element("text", { x: x + wide + 6, y: line, dy: "0.32em" }, [
        endSign(cut, share) + short(low + (high - low) * share),
      ]),
    );
  }
  return { parts, height: tall };
}

function sizes(
  { radius, parts }: Extract<Legend, { kind: "sizes" }>,
  { x, y }: At,
  { font, ink }: Setup,
): Drawn {
  const largest = Math.max(...parts.map(radius));
  const step = Math.max(2 * largest + 2, font * 1.3);
  const made = parts.flatMap((share, i) => {
    const middle = y + (i + 0.5) * step;
    const circle = {
      cx: x + largest,
      cy: middle,
      r: radius(share),
      fill: "#a0a0a0",
      stroke: ink.muted,
      "stroke-width": 0.4,
    };
    const label = `${Number((100 * share).toPrecision(2))} %`;
    return [
      element("circle", circle),
      element("text", { x: x + 2 * largest + 6, y: middle, dy: "0.32em" }, [label]),
    ];
  });
  return { parts: made, height: step * parts.length };
}

const ROWS = 24; // of swatches, before there is another column

function swatchSize(
  entries: readonly { name: string }[],
  font: number,
): { columns: number[]; width: number } {
  const columns: number[] = [];
  for (let first = 0; first < entries.length; first += ROWS) {
    const names = entries.slice(first, first + ROWS).map(({ name }) => name);
    columns.push(widest(names, font) + font * 2.4);
  }
  return { columns, width: columns.reduce((sum, width) => sum + width, 0) };
}

function swatches({ entries }: Extract<Legend, { kind: "swatches" }>, { x, y }: At, { font }: Setup): Drawn {
  const { columns } = swatchSize(entries, font);
  const step = font * 1.45;
  const parts = entries.flatMap(({ name, color }, i) => {
    const column = Math.floor(i / ROWS);
    const left = x + columns.slice(0, column).reduce((sum, width) => sum + width, 0);
    const middle = y + ((i % ROWS) + 0.5) * step;
    const box = { x: left, y: middle - font * 0.45, width: font * 0.9, height: font * 0.9, rx: font * 0.2 };
    return [
      element("rect", { ...box, fill: color }),
      element("text", { x: left + font * 1.4, y: middle, dy: "0.32em" }, [name]),
    ];
  });
  return { parts, height: step * Math.min(ROWS, entries.length) };
}
