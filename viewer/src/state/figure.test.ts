import { expect, test } from "vitest";
import { apply } from "./actions";
import { FIGURE, validChanges, validFigure } from "./figure";
import { History } from "./history";
import { initialView } from "./initial";
import { validAction, validState } from "./validate";

test("settings of a figure are changed one by one, and taken back", () => {
  const history = new History(initialView());
  history.do({ type: "setFigure", changes: { kind: "violin", by: "louvain" } }, 0);
  expect(history.view.figure).toEqual({ ...FIGURE, kind: "violin", by: "louvain" });
  expect(history.undo().figure).toEqual(FIGURE);
});

test("typing a size is one step", () => {
  const history = new History(initialView());
  history.do({ type: "setFigure", changes: { width: 80 } }, 0);
  history.do({ type: "setFigure", changes: { width: 85 } }, 300);
  expect(history.undo().figure.width).toBeNull();
});

test("what is not changed stays the same object", () => {
  const view = initialView();
  expect(apply(view, { type: "setFigure", changes: { kind: "dot" } })).toBe(view);
});

test.each([
  [{ kind: "pie" }],
  [{ genes: { from: "list", genes: [1] } }],
  [{ width: 5 }],
  [{ width: Number.NaN }],
  [{ font: 1000 }],
  [{ pen: "red" }],
  ["dot"],
  [null],
])("%j makes no sense", (changes) => {
  expect(validChanges(changes)).toBe(false);
  expect(validAction({ type: "setFigure", changes })).toBeNull();
});

test("a view carries all settings, or none", () => {
  expect(validFigure(FIGURE)).toBe(true);
  expect(validState({ figure: FIGURE }).problems).toEqual([]);
  const { state, problems } = validState({ figure: { kind: "dot" } });
  expect(state.figure).toBeUndefined();
  expect(problems).toHaveLength(1);
});
