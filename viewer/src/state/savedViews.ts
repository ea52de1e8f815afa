// Views that the user saves on the server by a name, and opens again: maybe on a newer revision of the dataset,
// to which not all of them applies any more.

import type { Client } from "../api/client";
import type { SavedViewDoc, SavedViewsDoc, WholeViewDoc } from "../api/types";
import { fromBase64, toBase64 } from "../lib/base64";
import { describeView } from "./describeView";
import { initialView } from "./initial";
import { everyLeaf, siftedView } from "./selecting";
import type { Filter, ViewState } from "./state";
import { validState } from "./validate";
import type { Visited, Visits } from "./visits";

export type { SavedViewDoc } from "../api/types";

/** What a view does not hold: how somebody has arranged the page, and what they have not saved yet. */
const PERSONAL = ["version", "revision", "drafts", "tool", "cells", "genesPanel", "theme"] as const;

export interface SavedViews {
  /** Newest first. */
  list(): Promise<SavedViewDoc[]>;
  save(name: string): Promise<SavedViewDoc>;
  /** Shows it, as one step for undo to take back. */
  open(id: string): Promise<void>;
  /** Makes it show what is shown now. */
  replace(id: string): Promise<SavedViewDoc>;
  rename(id: string, name: string): Promise<SavedViewDoc>;
  /** Deletes it; what is returned makes it again. */
  remove(id: string): Promise<() => Promise<SavedViewDoc>>;
}

export function createSavedViews(client: Client, shown: Visited, visits: Visits): SavedViews {
  const contents = () => {
    const state = lasting(shown.view());
    return { state, cells: bitsOf(state, shown.cells), about: describeView(state) };
  };
  return {
    list: async () => (await client.call<SavedViewsDoc>("GET", "views")).views,
    save: (name) => client.call("POST", "views", { name, ...contents() }),
    replace: (id) => client.call("PUT", `views/${id}`, contents()),
    rename: (id, name) => client.call("PUT", `views/${id}`, { name }),
    async open(id) {
      const found = await client.call<WholeViewDoc>("GET", `views/${id}`);
      const { state, problems } = validState(found.state);
      const kept = new Map(Object.entries(found.cells).map(([key, text]) => [key, fromBase64(text)]));
      for (const [key, bits] of kept) shown.keepCells(key, bits);
      const has = (filter: Filter) => filter.kind !== "cells" || kept.has(filter.key);
      const lost = everyLeaf(state).some((filter) => !has(filter));
      const checked = await visits.check(siftedView(withDefaults(state, shown.view()), has));
      if (lost) problems.push("A selection is of cells that the data no longer have.");
      shown.do({ type: "setState", state: checked.value });
      const left = [...problems, ...checked.problems];
      if (left.length > 0) shown.notify(`${whyNot(found)} What no longer applies was left out:`, left);
    },
    async remove(id) {
      const { name, state, cells, about } = await client.call<WholeViewDoc>("GET", `views/${id}`);
      await client.call("DELETE", `views/${id}`);
      return () => client.call("POST", "views", { name, state, cells, about });
    },
  };
}

function whyNot({ name, revision, same_data }: SavedViewDoc): string {
  return same_data
    ? `“${name}” was saved by another version of the viewer.`
    : `“${name}” was saved on revision ${revision} of this data, which has changed since.`;
}

function lasting(view: ViewState): Partial<ViewState> {
  const state: Partial<ViewState> = { ...view };
  for (const key of PERSONAL) delete state[key];
  return state;
}

/** The whole view that a saved one stands for: what it is silent about is as at first. Nothing kept by name is lost. */
function withDefaults(state: Partial<ViewState>, now: ViewState): Partial<ViewState> {
  const whole = { ...lasting(initialView({ color: now.color })), ...state };
  for (const key of PERSONAL) delete whole[key];
  const named = new Set(whole.selections?.map(({ name }) => name));
  const others = now.selections.filter(({ name }) => !named.has(name));
  return { ...whole, selections: [...others, ...(whole.selections ?? [])] };
}

function bitsOf(state: Partial<ViewState>, cells: Visited["cells"]): Record<string, string> {
  const named = everyLeaf(state).flatMap((filter) => (filter.kind === "cells" ? [filter.key] : []));
  return Object.fromEntries(
    named.flatMap((key) => {
      const bits = cells.get(key);
      return bits ? [[key, toBase64(bits)] as const] : [];
    }),
  );
}
