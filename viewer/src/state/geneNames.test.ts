import { expect, test } from "vitest";
import type { Action } from "./actions";
import { GeneNames } from "./geneNames";
import { initialView } from "./initial";
import { createAppStore } from "./store";

const LYZ: Action = { type: "colorBy", color: { kind: "gene", name: "LYZ" } };
const MORE: Action = { type: "addGenes", genes: ["CD3D"] };

function made() {
  let resolve = (): void => {};
  let reject = (_: Error): void => {};
  const promise = new Promise<void>((...settle) => {
    [resolve, reject] = settle;
  });
  const store = createAppStore(initialView({}));
  const said: unknown[] = [];
  const waiting = new GeneNames(
    { load: () => promise },
    store,
    (error) => said.push(error),
    () => said.push("done"),
  );
  return { names: { resolve, reject }, said, waiting, awaited: () => store.getState().awaitsGenes };
}

test("what names genes goes on in its order once they are here, and the last of it is said until then", async () => {
  const { names, said, waiting, awaited } = made();
  const first = waiting.before(LYZ, () => said.push("LYZ"));
  expect(awaited()).toBe("LYZ");
  const second = waiting.before(MORE, () => said.push("more"));
  expect([awaited(), waiting.awaited]).toEqual(["the names of the genes", true]);
  expect(said).toEqual([]);
  names.resolve();
  await Promise.all([first, second]);
  expect(said.filter((word) => word !== "done")).toEqual(["LYZ", "more"]);
  expect([awaited(), waiting.awaited]).toEqual([null, false]);
});

test("when the names cannot be loaded, that is said and nothing waits any more", async () => {
  const { names, said, waiting, awaited } = made();
  const asked = waiting.before(LYZ, () => said.push("LYZ"));
  names.reject(new Error("It broke."));
  await asked;
  expect(said).toEqual([new Error("It broke."), "done"]);
  expect(awaited()).toBeNull();
});
