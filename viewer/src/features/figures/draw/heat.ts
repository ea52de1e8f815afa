// Heat map: a cell per column, cells of a group together under a bar of the group's color.

import { parseHex } from "../../../lib/palettes";
import { part } from "./grid";
import { type Body, element, FONT, type Legend, type Setup, sheet, textWidth, widest } from "./paper";

const BAR = 0.6; // heights, of the font's
const BAR_STEP = 0.95;
const TITLE = 0.8;

export interface HeatInput {
  features: string[]; // in order
  genes: ReadonlySet<string>;
  values: number[][]; // by feature: of all cells, group by group
  groups: { name: string; at: number; color: string; size: number }[]; // in the order of the cells
  groupTitle: string;
  bars: HeatBar[]; // beneath that of the groups
  range: readonly [number, number];
  rangeTitle: string;
  drawnOf: string; // "700 cells", or "2000 of 68 579 cells, drawn at random"
}

/** What else is known of each cell; null: nothing. */
export interface HeatBar {
  title: string;
  categories: (string | null)[]; // by cell
  entries: { name: string; color: string }[]; // those that there are
}

export function drawHeat(input: HeatInput, setup: Setup): Body {
  const { features, groups, values, bars } = input;
  const { font, ink } = setup;
  const n = values[0]?.length ?? 0;
  const names = groups.map(({ name }) => name);
  const titles = bars.length === 0 ? [] : [input.groupTitle, ...bars.map(({ title }) => title)];
  const left = Math.max(widest(features, font), widest(titles, font * TITLE)) + font;
  const turned = widest(names, font);
  const step = font * BAR_STEP;
  const top = turned * 0.75 + font * 2.2 + bars.length * step;
  const first = top - font * 0.9 - bars.length * step; // of the bar of the groups
  const right = Math.max(font, (turned * 0.75) / 2);
  const width = setup.width ?? left + right + Math.min(font * 50, Math.max(font * 24, n * 0.6));
  const height = setup.height ?? top + font * 0.6 + features.length * font * 1.5;
  const [wide, tall] = [width - left - right, height - top - font * 0.6];
  const each = tall / Math.max(1, features.length);
  const children: SVGElement[] = [picture(input, setup, { x: left, y: top, width: wide, height: tall })];
  features.forEach((feature, i) => {
    const style = input.genes.has(feature) ? "italic" : null;
    const y = top + (i + 0.5) * each;
    const at = { x: left - font * 0.4, y, dy: "0.32em", "text-anchor": "end", "font-style": style };
    children.push(element("text", { ...at, "data-feature": feature }, [feature]));
  });
  let before = 0;
  let free = 0; // pixels from which on a name has room
  for (const { name, at, color, size } of groups) {
    const x = left + (before / n) * wide;
    const span = (size / n) * wide;
    before += size;
    const bar = { x, y: first, width: Math.max(0.2, span), height: font * BAR };
    children.push(
      element("rect", { ...bar, fill: color, "data-group": at }, [
        element("title", {}, [`${name}: ${size} cells`]),
      ]),
    );
    if (before < n) {
      const cut = { x1: x + span, x2: x + span, y1: top, y2: top + tall };
      children.push(element("line", { ...cut, stroke: ink.paper, "stroke-width": 0.6 }));
    }
    const middle = x + span / 2;
    if (middle < free) continue;
    free = middle + font * 1.45;
    const turn = `translate(${middle + font * 0.3},${first - font * 0.3}) rotate(-45)`;
    children.push(element("text", { transform: turn, "text-anchor": "start", "data-group": at }, [name]));
  }
  bars.forEach((bar, i) => {
    children.push(...barOf(bar, { x: left, y: first + (i + 1) * step, width: wide }, setup));
  });
  titles.forEach((title, i) => {
    const y = first + i * step + (font * BAR) / 2;
    const at = { x: left - font * 0.4, y, dy: "0.32em", "text-anchor": "end", "font-size": font * TITLE };
    children.push(element("text", { ...at, fill: ink.muted }, [title]));
  });
  const svg = sheet(width, height, [
    element("g", { "font-size": font, "font-family": FONT, fill: ink.text }, children),
  ]);
  const [low, high] = input.range;
  return {
    svg,
    width: Math.max(width, left + wide + textWidth("", font)),
    height,
    legends: [
      { kind: "ramp", title: input.rangeTitle, low, high },
      ...bars.map(({ title, entries, categories }): Legend => {
        const rest = categories.includes(null) ? [{ name: "no category", color: ink.missing }] : [];
        return { kind: "swatches", title, entries: [...entries, ...rest] };
      }),
    ],
    summary: `Heat map of ${features.length} features in ${input.drawnOf}, by ${groups.length} groups.`,
  };
}

/** Neighbors of one category are one piece. */
function barOf(
  { title, categories, entries }: HeatBar,
  at: { x: number; y: number; width: number },
  { font, ink }: Setup,
): SVGElement[] {
  const colors = new Map(entries.map(({ name, color }) => [name, color]));
  const each = at.width / Math.max(1, categories.length);
  const made: SVGElement[] = [];
  for (let from = 0; from < categories.length; ) {
    const name = categories[from] ?? null;
    let to = from + 1;
    while (to < categories.length && (categories[to] ?? null) === name) to += 1;
    const fill = name === null ? ink.missing : (colors.get(name) ?? ink.missing);
    // a hair wider, so that no paper shines through between two
    const box = { x: at.x + from * each, y: at.y, width: (to - from) * each + 0.1, height: font * BAR };
    const said = `${title}: ${name ?? "no category"}, ${to - from} cells`;
    made.push(element("rect", { ...box, fill, "data-bar": title }, [element("title", {}, [said])]));
    from = to;
  }
  return made;
}

/** One pixel per cell and feature, stretched without smoothing. */
function picture(
  input: HeatInput,
  setup: Setup,
  box: { x: number; y: number; width: number; height: number },
): SVGElement {
  const { values, range, features } = input;
  const n = values[0]?.length ?? 0;
  const canvas = document.createElement("canvas");
  canvas.width = Math.max(1, n);
  canvas.height = Math.max(1, features.length);
  const draw = canvas.getContext("2d");
  if (!draw || n === 0) return element("g");
  const pixels = draw.createImageData(n, features.length);
  const steps = Array.from({ length: 256 }, (_, i) => rgbOf(setup.map(i / 255)));
  const missing = rgbOf(setup.ink.missing);
  values.forEach((row, y) => {
    row.forEach((value, x) => {
      const color = Number.isNaN(value) ? missing : steps[Math.round(255 * part(value, range))]!;
      pixels.data.set([...color, 255], 4 * (y * n + x));
    });
  });
  draw.putImageData(pixels, 0, 0);
  return element("image", {
    ...box,
    href: canvas.toDataURL("image/png"),
    preserveAspectRatio: "none",
    "image-rendering": "pixelated",
  });
}

/** "rgb(1 2 3)", "#010203" or "#123" → numbers. */
export function rgbOf(color: string): [number, number, number] {
  const hex = parseHex(color);
  if (hex) return [...hex];
  return (color.match(/\d+/g) ?? ["0", "0", "0"]).slice(0, 3).map(Number) as [number, number, number];
}
