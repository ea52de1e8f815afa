import { expect, it } from "vitest";
import { Turns } from "./useTurn";

function setup() {
  const tasks: (() => void)[] = [];
  const turns = new Turns((work) => tasks.push(work));
  const had: number[] = [];
  const ask = (count: number) =>
    Array.from({ length: count }, (_, i) => turns.take() || turns.wait(() => had.push(i)));
  const run = () => tasks.splice(0).forEach((work) => void work());
  return { turns, tasks, had, ask, run };
}

it("gives a few turns at once, and the others in their order, a few in each task", () => {
  const { had, ask, run, tasks } = setup();
  expect(ask(9).filter((each) => each === true)).toHaveLength(4);
  expect(tasks).toHaveLength(1);
  run();
  expect(had).toEqual([4, 5]);
  run();
  run();
  expect(had).toEqual([4, 5, 6, 7, 8]);
  run();
  expect(tasks).toHaveLength(0);
});

it("gives turns at once again when all have had theirs", () => {
  const { ask, run, tasks } = setup();
  ask(5);
  while (tasks.length > 0) run();
  expect(ask(3)).toEqual([true, true, true]);
});

it("passes over who does not wait any more", () => {
  const { had, ask, run } = setup();
  const stop = ask(6)[4] as () => void;
  stop();
  run();
  expect(had).toEqual([5]);
});

it("lets nobody in before those who wait", () => {
  const { turns, ask } = setup();
  ask(5);
  expect(turns.take()).toBe(false);
});
