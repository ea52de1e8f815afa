// Sankey: which cells of one category are in which of the next column.

import { type SankeyLink, type SankeyNode, sankey, sankeyLinkHorizontal } from "d3-sankey";
import { type Body, element, FONT, type Setup, sheet, textWidth } from "./paper";

export interface FlowInput {
  rows: { parts: string[]; n: number }[];
  titles: string[]; // of the columns
  order: string[][]; // of each column's categories
}

interface Node {
  column: number;
  name: string;
  color: string;
}
interface Link {
  value: number;
}
type Placed = SankeyNode<Node, Link>;
type Flow = SankeyLink<Node, Link>;

export function drawFlow(input: FlowInput, setup: Setup): Body {
  const { font, ink } = setup;
  const nodes: Node[] = [];
  const numberOf = new Map<string, number>();
  input.order.forEach((names, column) => {
    for (const name of names) {
      numberOf.set(`${column}/${name}`, nodes.length);
      nodes.push({ column, name, color: setup.colorOf(column, name) });
    }
  });
  const flows = new Map<string, { source: number; target: number; value: number }>();
  for (const { parts, n } of input.rows) {
    for (let column = 0; column + 1 < parts.length; column++) {
      const source = numberOf.get(`${column}/${parts[column]}`)!;
      const target = numberOf.get(`${column + 1}/${parts[column + 1]}`)!;
      const key = `${source} ${target}`;
      const flow = flows.get(key) ?? { source, target, value: 0 };
      flow.value += n;
      flows.set(key, flow);
    }
  }
  const tallest = Math.max(...input.order.map((names) => names.length));
  const sides = [input.order[0]!, input.order.at(-1)!].map((names) =>
    Math.max(0, ...names.map((name) => textWidth(name, font))),
  ) as [number, number];
  const [left, right] = [sides[0] + font, sides[1] + font];
  const width = setup.width ?? left + right + font * 16 * (input.order.length - 1);
  const height = setup.height ?? font * 3 + Math.max(font * 12, tallest * font * 2.2);
  const layout = sankey<Node, Link>()
    .nodeWidth(font)
    .nodePadding(Math.max(2, Math.min(font * 0.7, (height * 0.5) / tallest)))
    .nodeSort(null)
    .extent([
      [left, font * 2.4],
      [width - right, height - font * 0.6],
    ]);
  const { nodes: placed, links } = layout({
    nodes: nodes.map((node) => ({ ...node })),
    links: [...flows.values()],
  });
  const ribbon = sankeyLinkHorizontal<Node, Link>();
  const all = input.rows.reduce((sum, { n }) => sum + n, 0);
  const svg = sheet(width, height, [
    element(
      "g",
      { fill: "none", "data-part": "flow" },
      links.map((link) => drawLink(link, ribbon(link) ?? "")),
    ),
    element("g", { "font-size": font, "font-family": FONT, fill: ink.text }, [
      ...placed.flatMap((node) => drawNode(node, input.order.length - 1, setup)),
      ...input.titles.map((title, column) => drawTitle(title, column, input, { left, right, width }, setup)),
    ]),
  ]);
  const summary = `Sankey diagram of ${all} cells between ${input.titles.join(" and ")}.`;
  return { svg, width, height, legends: [], summary };
}

function drawLink(link: Flow, path: string): SVGElement {
  const [source, target] = [link.source as Placed, link.target as Placed];
  const share = (100 * link.value) / (source.value || 1);
  return element(
    "path",
    { d: path, stroke: source.color, "stroke-opacity": 0.45, "stroke-width": Math.max(0.5, link.width ?? 0) },
    [
      element("title", {}, [
        `${source.name} → ${target.name}: ${link.value} cells, ${share.toFixed(1)} % of ${source.name}`,
      ]),
    ],
  );
}

function drawNode(node: Placed, last: number, { font }: Setup): SVGElement[] {
  const [x0, x1, y0, y1] = [node.x0!, node.x1!, node.y0!, node.y1!];
  const before = node.column < last || last === 0;
  const place =
    node.column === 0 ? { x: x0 - font * 0.4, anchor: "end" } : { x: x1 + font * 0.4, anchor: "start" };
  return [
    element("rect", { x: x0, y: y0, width: x1 - x0, height: Math.max(0.5, y1 - y0), fill: node.color }, [
      element("title", {}, [`${node.name}: ${node.value} cells`]),
    ]),
    element(
      "text",
      {
        x: place.x,
        y: (y0 + y1) / 2,
        dy: "0.32em",
        "text-anchor": place.anchor,
        "data-column": before ? node.column : last,
      },
      [node.name],
    ),
  ];
}

function drawTitle(
  title: string,
  column: number,
  { order }: FlowInput,
  { left, right, width }: { left: number; right: number; width: number },
  { font }: Setup,
): SVGElement {
  const last = order.length - 1;
  const x =
    left + ((width - right - left - font) * column) / Math.max(1, last) + (column === last ? font : 0);
  const anchor = column === 0 ? "start" : column === last ? "end" : "middle";
  return element("text", { x, y: font * 1.4, "text-anchor": anchor, "font-weight": 600 }, [title]);
}
