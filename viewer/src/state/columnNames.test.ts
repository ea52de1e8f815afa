import { describe, expect, it } from "vitest";
import { withColumnNamed, withoutColumns, withValueNamed } from "./columnNames";
import { initialView } from "./initial";
import type { Filter } from "./state";

const ticked: Filter = { kind: "categories", column: "kind", mode: "include", values: ["T", null] };
const other: Filter = { kind: "range", source: { kind: "obs", name: "n" }, min: 0, max: 1 };
const view = initialView({
  color: { kind: "obs", name: "kind" },
  filters: [{ kind: "group", op: "any", not: false, filters: [ticked, other] }],
  subset: [[ticked]],
  expanded: ["kind", "n"],
  panels: [{ embedding: null, color: { kind: "obs", name: "kind" }, only: { column: "kind", value: "T" } }],
});

describe("a view whose annotation", () => {
  it("is renamed goes on with the new name", () => {
    const found = withColumnNamed(view, "kind", "type");
    expect(JSON.stringify(found)).not.toContain('kind":"obs","name":"kind"');
    expect(found).toMatchObject({
      color: { name: "type" },
      filters: [{ filters: [{ column: "type" }, other] }],
      expanded: ["type", "n"],
      panels: [{ color: { name: "type" }, only: { column: "type", value: "T" } }],
    });
  });

  it("is gone does without it", () => {
    expect(withColumnNamed(view, "kind", null)).toEqual({
      color: null,
      filters: [{ kind: "group", op: "any", not: false, filters: [other] }],
      subset: [],
      expanded: ["n"],
      panels: [{ embedding: null, color: null, only: null }],
    });
    expect(withoutColumns(view, (name) => name === "kind").expanded).toEqual(["kind"]);
    expect(withoutColumns(view, () => true)).toEqual({});
  });

  it("has a label renamed or merged filters by the other name", () => {
    expect(withValueNamed(view, "kind", "T", "T cell").subset).toMatchObject([
      [{ values: ["T cell", null] }],
    ]);
    expect(withValueNamed(view, "kind", "T", null).subset).toMatchObject([[{ values: [null] }]]);
    expect(withValueNamed(view, "n", "T", "x")).toEqual({});
  });
});
