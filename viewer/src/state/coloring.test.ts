import { describe, expect, it } from "vitest";
import { rgbAt } from "../lib/palettes";
import { type Action, apply } from "./actions";
import { colorScale, countLabelColors, labelPalette, MOST_LABEL_COLORS, rangeOf } from "./coloring";
import { withColumnNamed, withValueNamed } from "./columnNames";
import { History } from "./history";
import { initialView } from "./initial";
import type { ViewState } from "./state";
import { validAction, validState } from "./validate";

const viewAfter = (...actions: Action[]): ViewState => actions.reduce(apply, initialView());
const color = (label: string, hex: string | null, column = "k"): Action => ({
  type: "setLabelColor",
  column,
  label,
  color: hex,
});

describe("colors of labels", () => {
  it("are the changed ones alone", () => {
    expect(viewAfter(color("a", "#FF0000"), color("b", "#00ff00")).labelColors).toEqual({
      k: { a: "#ff0000", b: "#00ff00" },
    });
    expect(viewAfter(color("a", "#ff0000"), color("a", null)).labelColors).toEqual({});
    const two = viewAfter(color("a", "#ff0000"), color("a", "#0000ff", "l"));
    expect(apply(two, { type: "resetLabelColors", column: "k" }).labelColors).toEqual({
      l: { a: "#0000ff" },
    });
  });

  it("may be of a label with any name", () => {
    const view = viewAfter(color("__proto__", "#ff0000", "constructor"));
    expect(JSON.parse(JSON.stringify(view.labelColors))).toEqual(view.labelColors);
    expect(Object.hasOwn(view.labelColors.constructor as object, "__proto__")).toBe(true);
    expect(viewAfter(color("a", null, "toString")).labelColors).toEqual({});
  });

  it("are no more than a view keeps; those there are can still change", () => {
    const full = viewAfter(...Array.from({ length: MOST_LABEL_COLORS }, (_, i) => color(`${i}`, "#000000")));
    expect(countLabelColors(full.labelColors)).toBe(MOST_LABEL_COLORS);
    expect(apply(full, color("new", "#ffffff"))).toBe(full);
    expect(apply(full, color("7", "#ffffff")).labelColors.k!["7"]).toBe("#ffffff");
    expect(validState({ labelColors: full.labelColors }).problems).toEqual([]);
    const more = { labelColors: { ...full.labelColors, l: { a: "#000000" } } };
    expect(validState(more).problems).toHaveLength(1);
  });

  it("go before the dataset's, and those before scanpy's", () => {
    const palette = labelPalette(["a", "b", "c"], { a: "#010203" }, { a: "#ffffff", b: "#040506" });
    expect([0, 1, 2].map((i) => rgbAt(palette, i))).toEqual([
      [1, 2, 3],
      [4, 5, 6],
      [0x27, 0x9e, 0x68],
    ]);
  });

  it("follow a label that is renamed, and leave the color of one it is merged into", () => {
    const view = viewAfter(color("a", "#ff0000"));
    expect(withValueNamed(view, "k", "a", "b").labelColors).toEqual({ k: { b: "#ff0000" } });
    expect(withValueNamed(view, "k", "a", "b", true).labelColors).toEqual({});
    expect(withValueNamed(view, "other", "a", "b").labelColors).toBeUndefined();
    expect(withColumnNamed(view, "k", "l").labelColors).toEqual({ l: { a: "#ff0000" } });
    expect(withColumnNamed(view, "k", null).labelColors).toEqual({});
  });

  it("are one step while they are dragged", () => {
    const history = new History(initialView());
    history.do(color("a", "#ff0000"), 0);
    history.do(color("a", "#ee0000"), 100);
    history.do(color("b", "#dd0000"), 200);
    expect(history.undo().labelColors).toEqual({ k: { a: "#ee0000" } });
    expect(history.undo().labelColors).toEqual({});
  });

  it("from outside are hex, or ignored", () => {
    expect(validState({ labelColors: { k: { a: "#f80" } } }).problems).toEqual([]);
    for (const wrong of [{ k: { a: "red" } }, { k: { a: "url(x)" } }, { k: [] }, [], null, { k: "#ff0000" }])
      expect(validState({ labelColors: wrong }).problems).toHaveLength(1);
    expect(validAction(color("a", "#12"))).toBeNull();
  });
});

describe("ranges of colors", () => {
  const source = { kind: "gene", name: "LYZ" } as const;
  const range = (min: number | null, max: number | null): Action => ({
    type: "setColorRange",
    source,
    min,
    max,
  });

  it("are one for each source, until they are taken off", () => {
    const view = viewAfter(range(1, 3), range(null, 2));
    expect(view.colorRanges).toEqual([{ source, min: null, max: 2 }]);
    expect(rangeOf(view, { kind: "obs", name: "LYZ" })).toBeNull();
    expect(apply(view, range(null, null)).colorRanges).toEqual([]);
    expect(apply(view, range(3, 1)).colorRanges).toEqual([]);
  });

  it("from outside have ends in their order", () => {
    expect(validState({ colorRanges: [{ source, min: null, max: 2 }] }).problems).toEqual([]);
    for (const [min, max] of [
      [2, 2],
      [null, null],
      ["1", 2],
      [0, Number.NaN],
    ])
      expect(validState({ colorRanges: [{ source, min, max }] }).problems).toHaveLength(1);
  });

  it("lie over the data: the bar spans them, and says where it is cut", () => {
    const column = { min: 0, max: 8 };
    expect(colorScale(column, "viridis", null)).toEqual({
      domain: [0, 8],
      shown: [0, 8],
      cut: [false, false],
    });
    expect(colorScale(column, "viridis", { min: 1, max: 4 })).toEqual({
      domain: [1, 4],
      shown: [1, 4],
      cut: [true, true],
    });
    expect(colorScale(column, "viridis", { min: null, max: 10 }).cut).toEqual([false, false]);
    // a subset whose values all lie below
    expect(colorScale(column, "viridis", { min: 9, max: null })).toEqual({
      domain: [9, 9],
      shown: [0, 8],
      cut: [true, false],
    });
    expect(colorScale({ min: Number.NaN, max: Number.NaN }, "viridis", { min: 1, max: 2 }).cut).toEqual([
      false,
      false,
    ]);
  });

  it("keep the middle of a diverging map at zero unless both ends were set", () => {
    const column = { min: -3, max: 8 };
    expect(colorScale(column, "rdbu", null)).toMatchObject({ domain: [-8, 8], shown: [-3, 8] });
    expect(colorScale(column, "rdbu", { min: null, max: 2 })).toEqual({
      domain: [-2, 2],
      shown: [-2, 2],
      cut: [true, true],
    });
    expect(colorScale(column, "rdbu", { min: -1, max: 4 }).domain).toEqual([-1, 4]);
  });
});
