import { describe, expect, it } from "vitest";
import type { RegionStep } from "../state/state";
import { Crossfilter, type ResolvedFilter } from "./crossfilter";
import type { LoadedColumn } from "./values";

const N = 2000;

// A small generator: the same columns on every run.
let seed = 1;
const random = () => {
  seed = (seed * 16807) % 2147483647;
  return seed / 2147483647;
};

const codes = Int8Array.from({ length: N }, () => Math.floor(random() * 5) - 1);
const values = Float32Array.from({ length: N }, (_, i) =>
  i % 50 === 0 ? Number.NaN : i % 333 === 1 ? Number.POSITIVE_INFINITY : random() * 10,
);
const x = Float32Array.from({ length: N }, (_, i) => (i % 40 === 0 ? Number.NaN : random()));
const y = Float32Array.from({ length: N }, random);

const COLUMNS: Record<string, LoadedColumn> = {
  "obs/kind": { kind: "categorical", codes, categories: ["a", "b", "c", "d"], missing: 0 },
  "obs/score": { kind: "continuous", values, min: 0, max: 10, missing: 0, integer: false },
  "layout/umap": { kind: "embedding", x, y, missing: 0 },
};

type Spec =
  | { kind: "categories"; pass: number[] }
  | { kind: "range"; min: number; max: number }
  | { kind: "region"; steps: RegionStep[] };

function resolved(spec: Spec): ResolvedFilter {
  const common = { subject: spec.kind, id: JSON.stringify(spec) };
  if (spec.kind === "range") return { ...common, ...spec, key: "obs/score" };
  if (spec.kind === "region") return { ...common, ...spec, key: "layout/umap" };
  const passing = Uint8Array.from([-1, 0, 1, 2, 3], (code) => (spec.pass.includes(code) ? 1 : 0));
  return { ...common, kind: "categories", key: "obs/kind", passing };
}

/** The slow, obvious twin. */
function passes(spec: Spec, i: number): boolean {
  if (spec.kind === "categories") return spec.pass.includes(codes[i]!);
  if (spec.kind === "range") return values[i]! >= spec.min && values[i]! <= spec.max;
  const placed = !Number.isNaN(x[i]!) && !Number.isNaN(y[i]!);
  let inside = placed && spec.steps[0]?.mode === "subtract";
  for (const { mode, points } of spec.steps) {
    const [[x0, y0], [x1, y1]] = points as [[number, number], [number, number]];
    const hit = placed && x[i]! >= x0 && x[i]! <= x1 && y[i]! >= y0 && y[i]! <= y1;
    inside = mode === "replace" ? hit : mode === "add" ? inside || hit : inside && !hit;
  }
  return inside;
}

function box(mode: RegionStep["mode"], x0: number, y0: number, x1: number, y1: number): RegionStep {
  return {
    mode,
    shape: "rectangle",
    points: [
      [x0, y0],
      [x1, y1],
    ],
  };
}

function check(crossfilter: Crossfilter, specs: Spec[]): void {
  const cells = Array.from({ length: N }, (_, i) => specs.every((spec) => passes(spec, i)));
  expect([...crossfilter.selected].map(Boolean)).toEqual(cells);
  expect(crossfilter.nSelected).toBe(cells.filter(Boolean).length);
  const byCode = new Uint32Array(5);
  const byBin = new Uint32Array(41);
  for (let i = 0; i < N; i++) {
    if (!cells[i]) continue;
    byCode[codes[i]! + 1]! += 1;
    byBin[Number.isFinite(values[i]!) ? Math.min(39, Math.floor(values[i]! * 4)) + 1 : 0]! += 1;
  }
  expect(crossfilter.tallies().get("obs/kind")!.selected).toEqual(byCode);
  expect(crossfilter.tallies().get("obs/score")!.selected).toEqual(byBin);
}

function loaded(): Crossfilter {
  const crossfilter = new Crossfilter(N);
  for (const [key, column] of Object.entries(COLUMNS)) crossfilter.addColumn(key, column);
  return crossfilter;
}

describe("the crossfilter agrees with its naive twin", () => {
  const some: Spec = { kind: "categories", pass: [0, 2, -1] };
  const few: Spec = { kind: "range", min: 2, max: 2.5 };
  const most: Spec = { kind: "range", min: 0, max: 9 };
  const region: Spec = { kind: "region", steps: [box("replace", 0.2, 0.2, 0.8, 0.8)] };
  const carved: Spec = {
    kind: "region",
    steps: [...region.steps, box("add", 0, 0, 0.3, 0.3), box("subtract", 0.5, 0.5, 0.6, 1)],
  };
  const hole: Spec = { kind: "region", steps: [box("subtract", 0.4, 0, 0.6, 1)] };

  it.each<[string, Spec[][]]>([
    ["without filters", [[]]],
    ["with each kind of filter", [[some], [few], [region]]],
    ["with several at once", [[some, few, region]]],
    ["as filters come, change and go", [[some], [some, few], [some, most], [most], [most, region], []]],
    ["as a region is drawn on", [[region], [carved], [some, carved], [hole], [hole, few]]],
    ["when nothing passes", [[{ kind: "categories", pass: [] }], [some]]],
  ])("%s", (_, sequence) => {
    const crossfilter = loaded();
    for (const specs of sequence) {
      crossfilter.setFilters(specs.map(resolved));
      check(crossfilter, specs);
    }
  });

  it("for a column that arrives when cells are filtered already", () => {
    const crossfilter = new Crossfilter(N);
    crossfilter.addColumn("obs/score", COLUMNS["obs/score"]!);
    crossfilter.setFilters([resolved(few)]);
    crossfilter.addColumn("obs/kind", COLUMNS["obs/kind"]!);
    check(crossfilter, [few]);
  });
});

it("ignores a filter whose column is not here, until it is", () => {
  const crossfilter = new Crossfilter(N);
  const filter = resolved({ kind: "categories", pass: [1] });
  crossfilter.setFilters([filter]);
  expect(crossfilter.nSelected).toBe(N);
  crossfilter.addColumn("obs/kind", COLUMNS["obs/kind"]!);
  crossfilter.setFilters([filter]);
  expect(crossfilter.nSelected).toBe(codes.filter((code) => code === 1).length);
});

it("counts a column of thousands of categories", () => {
  const n = 70_000;
  const crossfilter = new Crossfilter(n);
  const many = Int32Array.from({ length: n }, (_, i) => i);
  const categories = Array.from(many, String);
  crossfilter.addColumn("obs/barcode", { kind: "categorical", codes: many, categories, missing: 0 });
  const tallies = crossfilter.tallies().get("obs/barcode")!;
  expect(tallies.total).toHaveLength(n + 1);
  expect(tallies.total[0]).toBe(0);
  expect(tallies.total.subarray(1).every((count) => count === 1)).toBe(true);
});
