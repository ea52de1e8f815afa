import { describe, expect, it } from "vitest";
import { Crossfilter, EVERYTHING, type ResolvedFilter, type Scope } from "./crossfilter";
import { BINS } from "./slots";
import type { LoadedColumn } from "./values";

const N = 1000;
let seed = 3;
const random = () => {
  seed = (seed * 16807) % 2147483647;
  return seed / 2147483647;
};
const codes = Int8Array.from({ length: N }, () => Math.floor(random() * 4) - 1);
const values = Float32Array.from({ length: N }, (_, i) => (i % 50 === 0 ? Number.NaN : random() * 10));
const finite = [...values].filter((value) => !Number.isNaN(value)).sort((a, b) => a - b);
const COLUMNS: Record<string, LoadedColumn> = {
  kind: { kind: "categorical", codes, categories: ["a", "b", "c"], missing: 0 },
  score: {
    kind: "continuous",
    values,
    min: finite[0]!,
    max: finite.at(-1)!,
    missing: 0,
    integer: false,
  },
};

const is = (...passing: number[]): ResolvedFilter => ({
  subject: `kind ${passing}`,
  id: `${passing}`,
  kind: "categories",
  key: "kind",
  passing: Uint8Array.from([-1, 0, 1, 2], (code) => (passing.includes(code) ? 1 : 0)),
});
const between = (min: number, max: number): ResolvedFilter => ({
  subject: "score",
  id: `${min} ${max}`,
  kind: "range",
  key: "score",
  min,
  max,
});
const group = (op: "all" | "any", not: boolean, ...filters: ResolvedFilter[]): ResolvedFilter => ({
  subject: "group",
  id: JSON.stringify([op, not, filters.map(({ id }) => id)]),
  kind: "group",
  op,
  not,
  filters,
});

function counted(filters: ResolvedFilter[], scope: Scope = EVERYTHING, crossfilter = new Crossfilter(N)) {
  for (const [key, column] of Object.entries(COLUMNS)) crossfilter.addColumn(key, column);
  crossfilter.setFilters(filters, scope);
  return crossfilter;
}

const expectSelected = (crossfilter: Crossfilter, passes: (i: number) => boolean) =>
  expect([...crossfilter.selected]).toEqual(Array.from({ length: N }, (_, i) => (passes(i) ? 1 : 0)));

describe("groups", () => {
  it("pass any or all of their filters, or the other cells", () => {
    const any = (i: number) => codes[i] === 0 || (values[i]! >= 2 && values[i]! <= 4);
    expectSelected(counted([group("any", false, is(0), between(2, 4))]), any);
    expectSelected(counted([group("any", true, is(0), between(2, 4))]), (i) => !any(i));
    expectSelected(
      counted([group("all", true, is(0), between(2, 4))]),
      (i) => !(codes[i] === 0 && values[i]! >= 2 && values[i]! <= 4),
    );
    expectSelected(counted([group("any", false)]), () => false);
    expectSelected(counted([is(0, 1), group("any", false, is(1), is(2))]), (i) => codes[i] === 1);
  });
});

describe("a subset", () => {
  const scope: Scope = { id: "only b", subset: [is(1)], clip: [0, 100] };

  it("is all that is counted and selected", () => {
    const crossfilter = counted([between(2, 4)], scope);
    expectSelected(crossfilter, (i) => codes[i] === 1 && values[i]! >= 2 && values[i]! <= 4);
    const inside = codes.filter((code) => code === 1).length;
    expect(crossfilter.nInside).toBe(inside);
    const kinds = crossfilter.tallies().get("kind")!;
    expect([...kinds.total]).toEqual([0, 0, inside, 0]);
    expect([...kinds.selected]).toEqual([0, 0, crossfilter.nSelected, 0]);
    const own = [...values].filter((value, i) => codes[i] === 1 && !Number.isNaN(value));
    expect(crossfilter.ranges().get("score")).toEqual({ min: Math.min(...own), max: Math.max(...own) });
  });

  it("comes and goes without a trace", () => {
    const crossfilter = counted([between(2, 4)], scope);
    crossfilter.setFilters([between(2, 4)], EVERYTHING);
    const fresh = counted([between(2, 4)]);
    expect(crossfilter.tallies()).toEqual(fresh.tallies());
    expect([...crossfilter.selected]).toEqual([...fresh.selected]);
    crossfilter.setFilters([], scope);
    expect(crossfilter.nSelected).toBe(crossfilter.nInside);
    expect(crossfilter.tallies()).toEqual(counted([], scope).tallies());
  });

  it("counts columns that come later alike", () => {
    const crossfilter = counted([is(0, 1)], scope);
    crossfilter.addColumn("late", COLUMNS.score!);
    expect(crossfilter.tallies().get("late")).toEqual(crossfilter.tallies().get("score"));
  });
});

describe("a clip", () => {
  const at = (part: number) => {
    const rank = part * (finite.length - 1);
    const low = finite[Math.floor(rank)]!;
    return low + (finite[Math.ceil(rank)]! - low) * (rank - Math.floor(rank));
  };
  const scope: Scope = { id: "clip", subset: [], clip: [10, 90] };

  it("makes what lies outside missing: in bins, and for filters", () => {
    const crossfilter = counted([between(0, 10)], scope);
    const within = (value: number) => value >= at(0.1) && value <= at(0.9);
    expectSelected(crossfilter, (i) => within(values[i]!));
    const { total } = crossfilter.tallies().get("score")!;
    expect(total).toHaveLength(BINS + 1);
    expect(total[0]).toBe([...values].filter((value) => !within(value)).length);
  });

  it("that changes finds filters by number anew", () => {
    const crossfilter = counted([between(0, 10)], scope);
    crossfilter.setFilters([between(0, 10)], EVERYTHING);
    expectSelected(crossfilter, (i) => values[i]! >= 0 && values[i]! <= 10);
  });

  it("does not change which cells a subset has", () => {
    const subset = [between(0, 10)];
    const crossfilter = counted([], { id: "both", subset, clip: [10, 90] });
    expect(crossfilter.nInside).toBe(finite.length);
  });
});
