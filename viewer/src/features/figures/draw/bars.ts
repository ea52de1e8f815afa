// Composition: a bar per group, of the shares or numbers of cells in each category of the second column.

import * as Plot from "@observablehq/plot";
import { axis } from "./grid";
import { type Body, element, FONT, fromPlot, inert, type Setup, tag, widest } from "./paper";

export interface BarsInput {
  rows: { group: string; part: string; n: number; at: number }[];
  groups: string[]; // in order, from the top
  parts: string[];
  colorOf: (part: string) => string;
  partTitle: string | null; // null: each bar is one piece
  share: boolean;
}

export function drawBars(input: BarsInput, setup: Setup): Body {
  const { groups, parts, rows, share } = input;
  const { font, ink } = setup;
  const totals = new Map<string, number>();
  for (const { group, n } of rows) totals.set(group, (totals.get(group) ?? 0) + n);
  const all = rows.reduce((sum, { n }) => sum + n, 0);
  const split = input.partTitle !== null;
  // Shares of each bar; where a bar is one piece, of all cells.
  const whole = (group: string): number => (split ? (totals.get(group) ?? 1) : all);
  const drawn = rows.map((row) => ({
    ...row,
    value: share ? row.n / whole(row.group) : row.n,
    fill: input.colorOf(row.part),
    group_: row.group,
    title: `${row.group}${split ? `, ${row.part}` : ""}: ${row.n} cells, ${((100 * row.n) / whole(row.group)).toFixed(1)} %`,
  }));
  const left = widest(groups, font) + font;
  const right = font * 5.5;
  const bottom = font * 3.6;
  const width = setup.width ?? left + right + font * 30;
  const height = setup.height ?? bottom + font + groups.length * font * 1.9;
  const order = new Map(parts.map((part, i) => [part, i]));
  drawn.sort((a, b) => (order.get(a.part) ?? 0) - (order.get(b.part) ?? 0));
  const made = Plot.plot({
    document: inert(),
    width,
    height,
    marginLeft: left,
    marginRight: right,
    marginTop: font,
    marginBottom: bottom,
    style: { color: ink.text, fontSize: `${font}px` },
    x: { label: null, ...(share ? { percent: true } : {}), ...(share && split ? { domain: [0, 100] } : {}) },
    y: { type: "band", domain: groups, padding: 0.15, label: null },
    color: { type: "identity" },
    marks: [
      Plot.gridX({ stroke: ink.line, strokeOpacity: 0.6 }),
      Plot.barX(drawn, { x: "value", y: "group", fill: "fill", title: "title" }),
      axis("x", { ticks: 5 }, font, ink.text),
      axis("y", {}, font, ink.text),
      Plot.text(
        groups.map((group) => ({ group, n: totals.get(group) ?? 0 })),
        {
          y: "group",
          text: (d: { n: number }) => `n = ${d.n}`,
          frameAnchor: "right",
          textAnchor: "start",
          dx: 6,
          fill: ink.muted,
          fontSize: font * 0.9,
          fontFamily: FONT,
        },
      ),
    ],
  });
  const svg = fromPlot(made);
  const middle = { x: left + (width - left - right) / 2, y: height - font * 0.4, "text-anchor": "middle" };
  const label = share ? (split ? "Share of the group (%)" : "Share of all cells (%)") : "Cells";
  svg.append(
    element("text", { ...middle, "font-size": font, "font-family": FONT, fill: ink.text, stroke: "none" }, [
      label,
    ]),
  );
  tag(
    svg,
    "bar",
    drawn.map(({ at }) => ({ group: at })),
  );
  const entries = parts.map((name) => ({ name, color: input.colorOf(name) }));
  return {
    svg,
    width,
    height,
    legends: split ? [{ kind: "swatches", title: input.partTitle!, entries }] : [],
    summary: `Bars of the composition of ${groups.length} groups with ${all} cells.`,
  };
}
