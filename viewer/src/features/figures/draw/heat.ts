// Heat map: a cell per column, cells of a group together under a bar of the group's color.

import { parseHex } from "../../../lib/palettes";
import { part } from "./grid";
import { type Body, element, FONT, type Setup, sheet, textWidth, widest } from "./paper";

export interface HeatInput {
  features: string[]; // in order
  genes: ReadonlySet<string>;
  values: number[][]; // by feature: of all cells, group by group
  groups: { name: string; at: number; color: string; size: number }[]; // in the order of the cells
  range: readonly [number, number];
  rangeTitle: string;
  drawnOf: string; // "700 cells", or "2000 of 68 579 cells, drawn at random"
}

export function drawHeat(input: HeatInput, setup: Setup): Body {
  const { features, groups, values } = input;
  const { font, ink } = setup;
  const n = values[0]?.length ?? 0;
  const names = groups.map(({ name }) => name);
  const left = widest(features, font) + font;
  const turned = widest(names, font);
  const top = turned * 0.75 + font * 2.2;
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
    const bar = { x, y: top - font * 0.9, width: Math.max(0.2, span), height: font * 0.6 };
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
    const turn = `translate(${middle + font * 0.3},${top - font * 1.2}) rotate(-45)`;
    children.push(element("text", { transform: turn, "text-anchor": "start", "data-group": at }, [name]));
  }
  const svg = sheet(width, height, [
    element("g", { "font-size": font, "font-family": FONT, fill: ink.text }, children),
  ]);
  const [low, high] = input.range;
  return {
    svg,
    width: Math.max(width, left + wide + textWidth("", font)),
    height,
    legends: [{ kind: "ramp", title: input.rangeTitle, low, high }],
    summary: `Heat map of ${features.length} features in ${input.drawnOf}, by ${groups.length} groups.`,
  };
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
