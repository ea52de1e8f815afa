// The page of a link: its secret comes in the URL's fragment, which no browser sends, is taken out of the
// address bar at once, and is then known to this page's memory alone.

import type { PageConfig, ViewDoc } from "../api/types";
import { fromBase64 } from "../lib/base64";
import { withKnownCells } from "./comparing";
import { everyLeaf, siftedView } from "./selecting";
import type { Filter, ViewState } from "./state";
import { validState } from "./validate";

const SECRET = /^#k=([0-9a-f]{40})$/;

export const OPEN_AGAIN = {
  title: "Open the link again",
  message:
    "The last part of a link, after #, is kept nowhere, so this page cannot be reloaded. Open the whole link " +
    "once more; if part of it is missing, ask whoever sent it to you.",
};

/** What the page was told, with the capability that its fragment has; the address bar forgets it. */
export function enter(config: PageConfig, page: Window = window): PageConfig {
  if (!config.link) return config;
  const secret = SECRET.exec(page.location.hash)?.[1];
  page.history.replaceState(null, "", page.location.pathname);
  // A link pasted into the address bar of this very page changes the fragment alone.
  page.addEventListener("hashchange", () => SECRET.test(page.location.hash) && page.location.reload());
  return { ...config, capability: secret ? `${config.link}.${secret}` : null };
}

export interface Arrival {
  expires: string;
  state: Partial<ViewState>;
  cells: [key: string, bits: Uint8Array][];
  problems: string[];
}

/** What a link shows. Sets of cells that it names but does not have were of other cells. */
export function arrival(document: ViewDoc): Arrival {
  const { state, problems } = validState(document.state);
  const cells: Arrival["cells"] = Object.entries(document.cells).map(([key, text]) => [
    key,
    fromBase64(text),
  ]);
  const kept = new Set(cells.map(([key]) => key));
  const has = (filter: Filter) => filter.kind !== "cells" || kept.has(filter.key);
  Object.assign(
    state,
    withKnownCells(state, (key) => kept.has(key)),
  );
  if (!everyLeaf(state).every(has)) {
    Object.assign(state, siftedView(state, has));
    problems.push("The link's selection is of cells that the data no longer have, and was left out.");
  }
  return { expires: document.link?.expires ?? "", state, cells, problems };
}
