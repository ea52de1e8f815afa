// One panel per feature, a violin per group, with the quartiles inside; the second column stands beside.

import * as Plot from "@observablehq/plot";
import { outline } from "../density";
import type { Table } from "../table";
import { axis, binsOf, short } from "./grid";
import { type Body, element, FONT, fromPlot, inert, type Setup, sheet, widest } from "./paper";

export interface ViolinInput {
  table: Table;
  features: string[];
  genes: ReadonlySet<string>;
  rowsOf: (feature: string) => { row: number; group: number }[];
  groups: { name: string; at: number; color: string; parts: string[] }[];
  byTitle: string;
}

export function drawViolins(input: ViolinInput, setup: Setup): Body {
  const { features, groups, table } = input;
  const { font, ink } = setup;
  const names = groups.map(({ name }) => name);
  const label = Math.min(widest(names, font), font * 22);
  const left = font * 4.5;
  const below = label + font;
  const width = setup.width ?? left + font + groups.length * font * 3.2;
  const panel = setup.height ? (setup.height - below) / features.length : font * 11;
  const height = panel * features.length + below;
  const panels = features.map((feature, i) => {
    const last = i === features.length - 1;
    const high = panel + (last ? below : 0);
    const part = onePanel(feature, input, setup, { width, left, height: high, below: last ? below : font });
    part.setAttribute("y", String(i * panel));
    return part;
  });
  return {
    svg: sheet(width, height, panels),
    width,
    height,
    legends: [],
    summary: `Violin plots of ${features.join(", ")} in ${groups.length} groups of ${table.cells} cells; ${ink ? "the bar spans the quartiles, the dot is the median" : ""}.`,
  };
}

interface Size {
  width: number;
  left: number;
  height: number;
  below: number;
}

function onePanel(feature: string, input: ViolinInput, setup: Setup, size: Size): SVGSVGElement {
  const { table, groups } = input;
  const { font, ink } = setup;
  const rows = input.rowsOf(feature);
  const [min, max] = [table.numbers("min"), table.numbers("max")];
  const low = Math.min(...rows.map(({ row }) => min[row]!).filter(Number.isFinite));
  const high = Math.max(...rows.map(({ row }) => max[row]!).filter(Number.isFinite));
  const names = groups.map(({ name }) => name);
  const made = Plot.plot({
    document: inert(),
    width: size.width,
    height: size.height,
    marginLeft: size.left,
    marginRight: font,
    marginTop: font * 1.8,
    marginBottom: size.below,
    style: { color: ink.text, fontSize: `${font}px` },
    x: {
      type: "band",
      domain: names,
      paddingInner: 0.1,
      paddingOuter: 0.1,
      label: null,
      ...(size.below > font ? {} : { axis: null }),
    },
    y: { domain: low < high ? [low, high] : [low - 1, low + 1], nice: true, label: null },
    marks: [
      Plot.gridY({ stroke: ink.line, strokeOpacity: 0.5 }),
      ...(size.below > font ? [axis("x", { tickRotate: -90 }, font, ink.text)] : []),
      axis("y", { ticks: 4 }, font, ink.text),
      shapes(feature, rows, input, setup),
    ],
  });
  const svg = fromPlot(made);
  const style = input.genes.has(feature) ? "italic" : null;
  svg.append(
    element(
      "text",
      {
        x: size.left,
        y: font * 1.2,
        "font-size": font * 1.1,
        "font-family": FONT,
        "font-style": style,
        "text-anchor": "start",
        "font-weight": 600,
        fill: ink.text,
        "data-feature": feature,
      },
      [feature],
    ),
  );
  return svg;
}

function shapes(
  feature: string,
  rows: { row: number; group: number }[],
  { table, groups }: ViolinInput,
  { ink }: Setup,
): Plot.Markish {
  const bins = binsOf(table);
  const column = (name: string) => table.numbers(name);
  const [low, high, min, max] = [column("low"), column("high"), column("min"), column("max")];
  const [q1, median, q3, deviation, n] = [
    column("q1"),
    column("median"),
    column("q3"),
    column("deviation"),
    column("n"),
  ];
  const known = new Map(groups.map((group) => [group.at, group]));
  return (_index, scales) => {
    const all = element("g", { "data-part": "violin" });
    const x = scales.x as unknown as ((name: string) => number) & { bandwidth(): number };
    const y = scales.y as unknown as (value: number) => number;
    const half = x.bandwidth() / 2;
    for (const { row, group } of rows) {
      const mine = known.get(group);
      if (!mine || !(n[row]! > 0)) continue;
      const middle = x(mine.name) + half;
      const shape = outline(
        bins.map((bin) => bin[row]!),
        [low[row]!, high[row]!],
        [min[row]!, max[row]!],
        deviation[row]!,
      );
      const point = (share: number, value: number) =>
        `${(middle + share * half).toFixed(2)},${y(value).toFixed(2)}`;
      const points = shape
        ? [
            ...shape.at.map((at, k) => point(shape.density[k]!, at)),
            ...shape.at.map((at, k) => point(-shape.density[k]!, at)).reverse(),
          ]
        : [point(-1, min[row]!), point(1, min[row]!)];
      const title = `${feature} in ${mine.name}: median ${short(median[row]!)}, quartiles ${short(q1[row]!)} to ${short(q3[row]!)}, ${n[row]} cells`;
      all.append(
        element("g", { "data-group": group, "data-feature": feature }, [
          element("title", {}, [title]),
          element("path", {
            d: `M${points.join("L")}Z`,
            fill: mine.color,
            stroke: ink.muted,
            "stroke-width": 0.5,
          }),
          element("path", {
            d: `M${middle},${y(q1[row]!)}V${y(q3[row]!)}`,
            stroke: ink.text,
            "stroke-width": 2.5,
          }),
          element("circle", {
            cx: middle,
            cy: y(median[row]!),
            r: 1.8,
            fill: ink.paper,
            stroke: ink.text,
            "stroke-width": 0.7,
          }),
        ]),
      );
    }
    return all;
  };
}
