// Features against groups: dot plot, matrix plot and stacked violins share their axes, brackets and cells.

import * as Plot from "@observablehq/plot";
import { outline } from "../density";
import type { Table } from "../table";
import { type Body, element, FONT, fromPlot, inert, type Legend, type Setup, tag, widest } from "./paper";

/** One feature in one group. */
export interface Cell {
  feature: string;
  group: number;
  mean: number;
  shade: number; // mean, or what it is scaled to
  fraction: number;
  n: number;
  row: number; // of the table
}

export interface GridInput {
  table: Table;
  cells: Cell[];
  features: string[]; // in order
  genes: ReadonlySet<string>; // of these, the genes: their names are slanted
  brackets: { title: string; first: string; last: string }[];
  groups: { name: string; at: number }[]; // in order
  range: readonly [number, number]; // of the shades
  shadeTitle: string;
  swap: boolean;
}

export type GridKind = "dot" | "matrix" | "stacked";

export function drawGrid(kind: GridKind, input: GridInput, setup: Setup): Body {
  const { features, groups, swap, genes, brackets } = input;
  const { font, ink } = setup;
  const names = new Map(groups.map(({ name, at }) => [at, name]));
  const groupNames = groups.map(({ name }) => name);
  const [across, down] = swap ? [groupNames, features] : [features, groupNames];
  const stacked = kind === "stacked";
  const left = widest(down, font) + font;
  const bottom = Math.min(widest(across, font), font * 22) + font;
  const room =
    brackets.length > 0 && !swap
      ? font * 2.6 +
        widest(
          brackets.map((b) => b.title),
          font,
        ) *
          0.75
      : font * 0.5;
  const side =
    swap && brackets.length > 0
      ? font * 3 +
        widest(
          brackets.map((b) => b.title),
          font,
        )
      : font;
  const step = font * (stacked ? 3.4 : 2);
  const width = setup.width ?? left + side + across.length * step;
  const height = setup.height ?? room + bottom + down.length * (stacked && swap ? font * 3 : step);

  const placed = input.cells.map((cell) => {
    const [x, y] = swap ? [names.get(cell.group), cell.feature] : [cell.feature, names.get(cell.group)];
    return { ...cell, x, y, fill: setup.map(part(cell.shade, input.range)), title: said(cell, names) };
  });
  const most = Math.max(0, ...placed.map(({ fraction }) => fraction || 0));
  const cellSize = Math.min((width - left - side) / across.length, (height - room - bottom) / down.length);
  const largest = Math.max(1, cellSize * 0.45);
  const radius = (share: number): number => largest * Math.sqrt(share / (most || 1));
  const slanted = (isX: boolean) => (isX !== swap && genes.size > 0 ? "italic" : undefined);
  const made = Plot.plot({
    document: inert(),
    width,
    height,
    marginLeft: left,
    marginRight: side,
    marginTop: room,
    marginBottom: bottom,
    style: { color: ink.text, fontSize: `${font}px` },
    x: { type: "band", domain: across, padding: 0, label: null },
    y: { type: "band", domain: down, padding: 0, label: null },
    color: { type: "identity" },
    r: { type: "identity" },
    marks: [
      Plot.frame({ stroke: ink.line }),
      axis("x", { fontStyle: slanted(true), tickRotate: -90 }, font, ink.text),
      axis("y", { fontStyle: slanted(false) }, font, ink.text),
      ...marksOf(kind, placed, input, radius),
    ],
  });
  const svg = fromPlot(made);
  tag(svg, stacked ? "violin" : kind === "dot" ? "dot" : "cell", placed);
  if (brackets.length > 0) svg.append(bracketsOf(input, { width, left, room, side, height, bottom }, setup));
  return {
    svg,
    width,
    height,
    legends: legendsOf(kind, input, radius, most),
    summary: summaryOf(kind, input),
  };
}

type Placed = Cell & { x: string | undefined; y: string | undefined; fill: string; title: string };

function marksOf(
  kind: GridKind,
  placed: Placed[],
  input: GridInput,
  radius: (share: number) => number,
): Plot.Markish[] {
  if (kind === "matrix") {
    return [Plot.cell(placed, { x: "x", y: "y", fill: "fill", inset: 0.25, title: "title" })];
  }
  if (kind === "stacked") return [violins(placed, input)];
  const drawn = placed.filter(({ fraction }) => fraction > 0);
  const r = (cell: Placed) => radius(cell.fraction);
  // `tag` counts in all of the cells
  return [
    Plot.dot(placed, {
      filter: (cell: Placed) => drawn.includes(cell),
      x: "x",
      y: "y",
      r,
      fill: "fill",
      stroke: "#808080",
      strokeWidth: 0.4,
      title: "title",
    }),
  ];
}

/** Each feature on a scale of its own; groups that have no spread are a line. */
function violins(placed: Placed[], { table, swap }: GridInput): Plot.Markish {
  const bins = binsOf(table);
  const [low, high] = [table.numbers("low"), table.numbers("high")];
  const [min, max] = [table.numbers("min"), table.numbers("max")];
  const deviation = table.numbers("deviation");
  const median = table.numbers("median");
  return (_index, scales) => {
    const all = element("g", { "data-part": "violin" });
    const [x, y] = [scales.x!, scales.y!] as (((value: unknown) => number) & { bandwidth: number })[];
    for (const [i, cell] of placed.entries()) {
      if (cell.x === undefined || cell.y === undefined || !(cell.n > 0)) continue;
      const { row } = cell;
      const [left, top] = [x!(cell.x), y!(cell.y)];
      const [wide, tall] = [bandOf(x!), bandOf(y!)];
      const span: [number, number] = [low[row]!, high[row]!];
      const to = (value: number): number =>
        span[1] > span[0] ? (value - span[0]) / (span[1] - span[0]) : 0.5;
      const counts = bins.map((bin) => bin[row]!);
      const shape = outline(counts, span, [min[row]!, max[row]!], deviation[row]!);
      const place = (share: number, at: number): string => {
        // values run up within a row, or to the right where features lie down
        const [dx, dy] = swap
          ? [to(at) * wide, tall / 2 - share * tall * 0.45]
          : [wide / 2 + share * wide * 0.45, (1 - to(at)) * tall];
        return `${(left + dx).toFixed(2)},${(top + dy).toFixed(2)}`;
      };
      const points = shape
        ? [
            ...shape.at.map((at, k) => place(shape.density[k]!, at)),
            ...shape.at.map((at, k) => place(-shape.density[k]!, at)).reverse(),
          ]
        : [place(-1, min[row]!), place(1, min[row]!)];
      const path = element(
        "path",
        { d: `M${points.join("L")}Z`, fill: cell.fill, stroke: "#606060", "stroke-width": 0.4 },
        [element("title", {}, [`${cell.title}, median ${short(median[row]!)}`])],
      );
      (path as unknown as { __data__: number }).__data__ = i;
      all.append(path);
    }
    return all;
  };
}

/** How wide a band is: d3 says it by a function. */
const bandOf = (scale: unknown): number => (scale as { bandwidth(): number }).bandwidth();

export function binsOf(table: Table): number[][] {
  const bins: number[][] = [];
  while (table.has(`bin_${bins.length}`)) bins.push(table.numbers(`bin_${bins.length}`));
  return bins;
}

/** Where a value lies in a range, 0–1. */
export const part = (value: number, [low, high]: readonly [number, number]): number =>
  high > low ? Math.min(1, Math.max(0, (value - low) / (high - low))) : 0.5;

export const short = (value: number): string =>
  Number.isNaN(value) ? "none" : String(Number(value.toPrecision(3)));

function said(cell: Cell, names: ReadonlyMap<number, string>): string {
  const share = Number.isNaN(cell.fraction)
    ? ""
    : `, in ${(100 * cell.fraction).toFixed(1)} % of ${cell.n} cells`;
  return `${cell.feature} in ${names.get(cell.group)}: mean ${short(cell.mean)}${share}`;
}

export function axis(
  which: "x" | "y",
  more: { fontStyle?: string | undefined; tickRotate?: number; ticks?: number; label?: string | null },
  font: number,
  color: string,
): Plot.Markish {
  const { fontStyle, ...rest } = more;
  const options = {
    label: null,
    tickSize: 3,
    tickPadding: 3,
    fontSize: font,
    color,
    fontFamily: FONT,
    ...(fontStyle === undefined ? {} : { fontStyle }),
    ...rest,
  };
  return which === "x" ? Plot.axisX(options) : Plot.axisY(options);
}

interface Box {
  width: number;
  height: number;
  left: number;
  room: number;
  side: number;
  bottom: number;
}

/** The names of gene sets over (or beside) their genes. */
function bracketsOf({ brackets, features, swap }: GridInput, box: Box, { font, ink }: Setup): SVGElement {
  const all = element("g", { fill: ink.text, "font-size": font, "font-family": FONT, stroke: "none" });
  const long = swap ? box.height - box.room - box.bottom : box.width - box.left - box.side;
  const each = long / features.length;
  for (const { title, first, last } of brackets) {
    const from = features.indexOf(first) * each + 2;
    const to = (features.indexOf(last) + 1) * each - 2;
    const path = swap
      ? `M${box.width - box.side + 4},${box.room + from}h4v${to - from}h-4`
      : `M${box.left + from},${box.room - 4}v-4h${to - from}v4`;
    all.append(element("path", { d: path, fill: "none", stroke: ink.text, "stroke-width": 0.8 }));
    const middle = (from + to) / 2;
    const at = swap
      ? { x: box.width - box.side + 12, y: box.room + middle, dy: "0.32em", "text-anchor": "start" }
      : {
          transform: `translate(${box.left + middle},${box.room - 11}) rotate(-45)`,
          "text-anchor": "start",
        };
    all.append(element("text", at, [title]));
  }
  return all;
}

function legendsOf(
  kind: GridKind,
  input: GridInput,
  radius: (share: number) => number,
  most: number,
): Legend[] {
  const [low, high] = input.range;
  const ramp: Legend = { kind: "ramp", title: input.shadeTitle, low, high };
  if (kind !== "dot") return [ramp];
  const nice =
    most > 0.5 ? [0.25, 0.5, 0.75, 1] : most > 0.2 ? [0.1, 0.2, 0.3, 0.4, 0.5] : [0.05, 0.1, 0.15, 0.2];
  const parts = nice.filter((share) => share <= most * 1.01);
  return [
    { kind: "sizes", title: "Fraction of cells", radius, parts: parts.length > 0 ? parts : [most] },
    ramp,
  ];
}

const KIND_NAMES: Record<GridKind, string> = {
  dot: "Dot plot",
  matrix: "Matrix plot",
  stacked: "Stacked violin plot",
};

const summaryOf = (kind: GridKind, { features, groups, table }: GridInput): string =>
  `${KIND_NAMES[kind]} of ${features.length} features in ${groups.length} groups of ${table.cells} cells.`;
