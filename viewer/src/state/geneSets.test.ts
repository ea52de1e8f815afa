import { describe, expect, it } from "vitest";
import { changed, cleanName, freeName, merged, nameProblem, reversed } from "./geneSets";
import type { GeneSet } from "./state";

const set = (name: string, ...genes: string[]): GeneSet => ({ name, description: "", genes, about: {} });
const names = (sets: GeneSet[]) => sets.map(({ name }) => name);

describe("names", () => {
  it("are one line, as the server takes them", () => {
    expect(cleanName("  T\tcells \n of  us ")).toBe("T cells of us");
  });

  it("are each given once", () => {
    expect(freeName("T", [set("T"), set("T (2)")])).toBe("T (3)");
    expect(freeName(" ", [])).toBe("Gene set");
    expect(nameProblem("T", [set("T")])).toContain("already");
    expect(nameProblem("T", [set("T")], "T")).toBeNull();
  });
});

it("takes changes back, wherever the set stands by then", () => {
  const a = set("A", "x");
  const renamed = { before: a, after: { ...a, name: "B" }, at: 0 };
  const removed = { before: set("C"), after: null, at: 1 };
  const before = [a, set("C"), set("D")];
  const after = [renamed, removed].reduce(changed, before);
  expect(names(after)).toEqual(["B", "D"]);
  const withNew = [set("new"), ...after];
  expect(names(reversed([renamed, removed]).reduce(changed, withNew))).toEqual(["new", "C", "A", "D"]);
});

describe("two windows", () => {
  const base = [set("A", "x"), set("B", "y")];

  it("keep what each has done", () => {
    const ours = [set("new", "z"), set("A", "x", "w"), set("B", "y")];
    const theirs = [set("theirs"), set("A", "x")];
    const { sets, conflicts, restored } = merged(base, ours, theirs);
    expect(sets).toEqual([set("new", "z"), set("theirs"), set("A", "x", "w")]);
    expect([conflicts, restored]).toEqual([[], []]);
  });

  it("keep both versions of a set that both have changed", () => {
    const { sets, conflicts } = merged(base, [set("A", "mine"), base[1]!], [set("A", "theirs"), base[1]!]);
    expect(sets).toEqual([set("A", "theirs"), set("A (2)", "mine"), set("B", "y")]);
    expect(conflicts).toEqual([{ name: "A", ours: "A (2)" }]);
  });

  it("do not lose a change to a deletion", () => {
    expect(merged(base, [set("A", "x", "w"), base[1]!], [base[1]!]).restored).toEqual(["A"]);
    const { sets, restored } = merged(base, [base[1]!], [set("A", "theirs"), base[1]!]);
    expect(names(sets)).toEqual(["A", "B"]);
    expect(restored).toEqual(["A"]);
  });

  it("agree where they have done the same", () => {
    const same = [set("A", "w"), base[1]!];
    expect(merged(base, same, same)).toEqual({ sets: same, conflicts: [], restored: [] });
  });

  it("take over the order of who has moved something", () => {
    expect(names(merged(base, [base[1]!, base[0]!], [set("new"), ...base]).sets)).toEqual(["new", "B", "A"]);
  });
});
