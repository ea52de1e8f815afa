import { describe, expect, it } from "vitest";
import { type Annotated, assigned, type Labels, relabeled, withLabel, withoutLabel } from "./labels";
import { merge } from "./merge";

const labels = (...cells: (string | null)[]): Labels => {
  const categories = [...new Set(cells.filter((cell) => cell !== null))];
  return { categories, codes: Int8Array.from(cells, (c) => (c === null ? -1 : categories.indexOf(c))) };
};
const cells = (found: Labels | undefined) =>
  found && Array.from(found.codes, (code) => (code < 0 ? null : found.categories[code]));
const one = (column: Labels): Annotated => new Map([["kind", column]]);
const mask = (...bits: number[]) => Uint8Array.from(bits);

describe("labels", () => {
  const start = labels("T", "B", null);

  it("are given to the marked cells, and taken away", () => {
    expect(cells(assigned(start, "NK", mask(0, 1, 1)))).toEqual(["T", "NK", "NK"]);
    expect(cells(assigned(start, null, mask(1, 0, 0)))).toEqual([null, "B", null]);
    expect(cells(start)).toEqual(["T", "B", null]); // nothing is changed in place
  });

  it("are merged when they get the name of another", () => {
    const found = relabeled(start, "T", "B");
    expect([found.categories, cells(found)]).toEqual([["B"], ["B", "B", null]]);
    expect(relabeled(start, "T", "T cell").categories).toEqual(["T cell", "B"]);
  });

  it("leave their cells without one when they are removed", () => {
    const found = withoutLabel(start, "T");
    expect([found.categories, cells(found)]).toEqual([["B"], [null, "B", null]]);
  });

  it("may be more than a byte can count", () => {
    let many = labels(null, null);
    for (let i = 0; i < 300; i++) many = withLabel(many, `label ${i}`);
    expect(cells(assigned(many, "label 299", mask(0, 1)))).toEqual([null, "label 299"]);
  });
});

describe("two changes of one column", () => {
  const base = one(labels("T", "T", "B", null));

  it("are both kept when they are about other cells", () => {
    const mine = one(labels("NK", "T", "B", null));
    const theirs = one(labels("T", "T", "B", "mono"));
    const { all, conflicts } = merge(base, mine, theirs);
    expect(cells(all.get("kind"))).toEqual(["NK", "T", "B", "mono"]);
    expect(conflicts).toEqual([]);
  });

  it("leave what is stored, and say so, when they are about the same cells", () => {
    const mine = one(labels("NK", "NK", "B", null));
    const theirs = one(labels("mono", "T", "B", null));
    const { all, conflicts } = merge(base, mine, theirs);
    expect(cells(all.get("kind"))).toEqual(["mono", "NK", "B", null]);
    expect(conflicts).toMatchObject([{ column: "kind", kind: "cells", cells: 1, mine: mine.get("kind") }]);
  });

  it("are no conflict when they say the same: an answer may have been lost", () => {
    const mine = one(labels("NK", "T", "B", null));
    expect(merge(base, mine, one(labels("NK", "T", "B", null))).conflicts).toEqual([]);
  });

  it("keep a renamed label and the cells that got the old one meanwhile", () => {
    const mine = one(relabeled(base.get("kind")!, "T", "T cell"));
    const theirs = one(labels("T", "T", "B", "T"));
    const { all } = merge(base, mine, theirs);
    expect(cells(all.get("kind"))).toEqual(["T cell", "T cell", "B", "T"]);
  });

  it("drop a label that one side removed, and keep one without cells that one side added", () => {
    const mine = one(withoutLabel(base.get("kind")!, "B"));
    const theirs = one(withLabel(base.get("kind")!, "new"));
    expect(merge(base, mine, theirs).all.get("kind")!.categories).toEqual(["T", "new"]);
  });

  it("never lose a column that the other side has changed", () => {
    const changed = one(labels("T", "T", "B", "B"));
    const gone: Annotated = new Map();
    expect(merge(base, gone, changed)).toMatchObject({ all: changed, conflicts: [{ kind: "removed-here" }] });
    expect(merge(base, changed, gone)).toMatchObject({
      all: changed,
      conflicts: [{ kind: "removed-there" }],
    });
    expect(merge(base, gone, base).all.size).toBe(0);
    expect(merge(base, base, gone).all.size).toBe(0);
  });

  it("of columns that both made under one name are joined", () => {
    const { all, conflicts } = merge(new Map(), one(labels("a", null)), one(labels(null, "b")));
    expect(cells(all.get("kind"))).toEqual(["a", "b"]);
    expect(conflicts).toEqual([]);
  });
});
