// From the server's numbers to the body of a figure.

import type { Figure } from "../../state/figure";
import { similarOrder } from "./cluster";
import { drawBars } from "./draw/bars";
import { drawFlow } from "./draw/flow";
import { type Cell, drawGrid, type GridInput } from "./draw/grid";
import { drawHeat } from "./draw/heat";
import type { Body, Setup } from "./draw/paper";
import { drawViolins } from "./draw/violin";
import type { Chosen } from "./question";
import { groupsOf, type Table } from "./table";

export interface Drawing {
  figure: Figure;
  table: Table;
  chosen: Chosen;
  diverging: boolean; // the map has its middle at zero
}

/** The body; throws a sentence where there is nothing to draw. */
export function renderTable(drawing: Drawing, setup: Setup): Body {
  const { figure, table } = drawing;
  if (table.rows === 0) throw new Error("None of these cells has a category in this column.");
  switch (figure.kind) {
    case "composition":
      return bars(drawing, setup);
    case "sankey":
      return flow(drawing, setup);
    case "heat":
      return heat(drawing, setup);
    case "violin":
      return violins(drawing, setup);
    default:
      return grid(drawing, setup);
  }
}

interface Ordered {
  features: string[];
  groups: number[];
}

/** Each feature's value in each group, and the order in which they stand. */
function ordered({ figure, table }: Drawing, of: number[], n: number, values: number[]): Ordered {
  const { features } = table;
  const groups = Array.from({ length: n }, (_, i) => i);
  if (figure.order === "given") return { features, groups };
  const at = features.map(() => new Array<number>(n).fill(0));
  const feature = featureRows(table);
  values.forEach((value, row) => {
    at[feature[row]!]![of[row]!] = value;
  });
  const profiles = groups.map((group) => at.map((mine) => mine[group]!));
  return {
    features: features.length > 2 ? similarOrder(at).map((i) => features[i]!) : features,
    groups: n > 2 ? similarOrder(profiles) : groups,
  };
}

function featureRows(table: Table): number[] {
  const known = new Map(table.features.map((name, i) => [name, i]));
  return table.texts("feature").map((name) => known.get(name ?? "") ?? 0);
}

/** Stretched from 0 to 1 along one side, as scanpy's standard_scale does. */
export function scaled(values: number[], along: number[]): number[] {
  const low = new Map<number, number>();
  const high = new Map<number, number>();
  values.forEach((value, i) => {
    if (Number.isNaN(value)) return;
    low.set(along[i]!, Math.min(low.get(along[i]!) ?? value, value));
    high.set(along[i]!, Math.max(high.get(along[i]!) ?? value, value));
  });
  return values.map((value, i) => {
    const [from, to] = [low.get(along[i]!) ?? 0, high.get(along[i]!) ?? 0];
    return to > from ? (value - from) / (to - from) : Number.isNaN(value) ? value : 0;
  });
}

/** Smallest and largest; around zero for a diverging map. */
function rangeOf(values: readonly number[], diverging: boolean): readonly [number, number] {
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const value of values) {
    if (value < low) low = value;
    if (value > high) high = value;
  }
  if (!(low <= high)) return [0, 0];
  const far = Math.max(Math.abs(low), Math.abs(high));
  return diverging ? [-far, far] : [low, high];
}

function shades(
  { figure, table, diverging }: Drawing,
  values: number[],
  of: number[],
): { values: number[]; range: readonly [number, number]; title: string } {
  if (figure.scale === "none") {
    return {
      values,
      range: rangeOf(values, diverging),
      title: figure.kind === "stacked" ? "Median" : "Mean",
    };
  }
  const along = figure.scale === "feature" ? featureRows(table) : of;
  return { values: scaled(values, along), range: [0, 1], title: `Scaled per ${figure.scale}` };
}

function grid(drawing: Drawing, setup: Setup): Body {
  const { figure, table, chosen } = drawing;
  const { of, names } = groupsOf(table);
  const stacked = figure.kind === "stacked";
  const means = table.numbers("mean");
  const shown = stacked ? table.numbers("median") : means;
  const shade = shades(drawing, shown, of);
  const order = ordered(drawing, of, names.length, means);
  const [fraction, n, feature] = [table.numbers("fraction"), table.numbers("n"), table.texts("feature")];
  const cells = of.map(
    (group, row): Cell => ({
      feature: feature[row] ?? "",
      group,
      row,
      mean: means[row]!,
      shade: shade.values[row]!,
      fraction: fraction[row]!,
      n: n[row]!,
    }),
  );
  const input: GridInput = {
    table,
    cells,
    features: order.features,
    genes: new Set(chosen.genes),
    // a bracket over genes that stand apart would lie
    brackets: figure.order === "given" ? chosen.brackets.flatMap((each) => known(each, table)) : [],
    groups: order.groups.map((at) => ({ name: names[at]!, at })),
    range: shade.range,
    shadeTitle: shade.title,
    swap: figure.swap,
  };
  return drawGrid(stacked ? "stacked" : figure.kind === "matrix" ? "matrix" : "dot", input, setup);
}

const known = (bracket: Chosen["brackets"][number], { features }: Table) =>
  features.includes(bracket.first) && features.includes(bracket.last) ? [bracket] : [];

function violins(drawing: Drawing, setup: Setup): Body {
  const { table, chosen } = drawing;
  const { of, names, parts } = groupsOf(table);
  const order = ordered(drawing, of, names.length, table.numbers("mean"));
  const feature = table.texts("feature");
  const last = table.by.length - 1;
  return drawViolins(
    {
      table,
      features: order.features,
      genes: new Set(chosen.genes),
      rowsOf: (wanted) => of.flatMap((group, row) => (feature[row] === wanted ? [{ row, group }] : [])),
      groups: order.groups.map((at) => ({
        name: names[at]!,
        at,
        parts: parts[at]!,
        color: last < 0 ? setup.map(0.5) : setup.colorOf(last, parts[at]![last]!),
      })),
      byTitle: table.by.join(" · "),
    },
    setup,
  );
}

function heat({ figure, table, chosen, diverging }: Drawing, setup: Setup): Body {
  const { of, names, parts } = groupsOf(table);
  const own = table.features.map((_, i) => table.numbers(`value_${i}`));
  const per = figure.scale === "feature";
  const values = per
    ? own.map((row) =>
        scaled(
          row,
          row.map(() => 0),
        ),
      )
    : own;
  const order =
    figure.order === "similar" && own.length > 2
      ? similarOrder(meansBy(own, of, names.length))
      : own.map((_, i) => i);
  const sizes = new Array<number>(names.length).fill(0);
  for (const group of of) sizes[group]! += 1;
  const drawn = table.rows < table.cells - table.leftOut;
  return drawHeat(
    {
      features: order.map((i) => table.features[i]!),
      genes: new Set(chosen.genes),
      values: order.map((i) => values[i]!),
      groups: names.map((name, at) => ({
        name,
        at,
        size: sizes[at]!,
        color: parts[at]!.length === 0 ? setup.ink.missing : setup.colorOf(0, parts[at]![0]!),
      })),
      groupTitle: table.by.join(" · "),
      bars: table.beside.map((title, at) => {
        const categories = table.texts(`beside_${at}`);
        const present = categories.filter((name) => name !== null);
        const entries = inColumnOrder(present, setup.orderOfBar(at)).map((name) => {
          return { name, color: setup.colorOfBar(at, name) };
        });
        return { title, categories, entries };
      }),
      range: per ? [0, 1] : rangeOf(values.flat(), diverging),
      rangeTitle: per ? "Scaled per feature" : "Value",
      drawnOf: drawn ? `${table.rows} of ${table.cells} cells, drawn at random` : `${table.rows} cells`,
    },
    setup,
  );
}

/** Of each feature its mean in each group. */
function meansBy(values: number[][], of: number[], n: number): number[][] {
  return values.map((row) => {
    const [sum, count] = [new Array<number>(n).fill(0), new Array<number>(n).fill(0)];
    row.forEach((value, i) => {
      if (Number.isNaN(value)) return;
      sum[of[i]!]! += value;
      count[of[i]!]! += 1;
    });
    return sum.map((total, i) => total / (count[i] || 1));
  });
}

/** Of one column: its categories in the order in which they come, which is that of the column. */
function categoriesIn(table: Table, column: number): string[] {
  const texts = table.texts(column === 0 ? "group" : `group_${column + 1}`);
  const present = new Set(texts.map((text) => text ?? ""));
  return [...present];
}

function bars({ figure, table }: Drawing, setup: Setup): Body {
  const [group, second, n] = [table.texts("group"), table.texts("group_2"), table.numbers("n")];
  const groups = table.by.length > 0 ? categoriesIn(table, 0) : ["all cells"];
  const split = table.by.length > 1;
  const rows = n.map((cells, row) => ({
    group: group[row] ?? "all cells",
    part: (split ? second[row] : group[row]) ?? "all cells",
    n: cells,
    at: groups.indexOf(group[row] ?? "all cells"),
  }));
  return drawBars(
    {
      rows,
      groups,
      parts: split
        ? inColumnOrder(
            rows.map(({ part }) => part),
            setup.order(1),
          )
        : groups,
      colorOf: (part) => (table.by.length === 0 ? setup.map(0.5) : setup.colorOf(split ? 1 : 0, part)),
      partTitle: split ? table.by[1]! : null,
      share: figure.share,
    },
    setup,
  );
}

/** Those that there are, as the column has them; what it does not know comes last. */
function inColumnOrder(present: string[], order: readonly string[]): string[] {
  const there = new Set(present);
  return [...order.filter((name) => there.has(name)), ...[...there].filter((name) => !order.includes(name))];
}

function flow({ table }: Drawing, setup: Setup): Body {
  const columns = table.by.map((_, column) => table.texts(column === 0 ? "group" : `group_${column + 1}`));
  const n = table.numbers("n");
  const rows = n.map((cells, row) => ({ parts: columns.map((column) => column[row] ?? ""), n: cells }));
  const order = table.by.map((_, column) => inColumnOrder(categoriesIn(table, column), setup.order(column)));
  return drawFlow({ rows, titles: table.by, order }, setup);
}
