// The view state in the URL's fragment, "#state=…": only what differs from the initial view, as JSON. Sets of cells
// named by a key stay behind: they live in one page only.

import { sameJson } from "./actions";
import { initialView } from "./initial";
import type { ViewState } from "./state";
import { type Validated, validState } from "./validate";

const PREFIX = "#state=";
const NOTHING: Validated = { state: {}, problems: [] };

export function toFragment(view: Partial<ViewState>): string {
  const initial = initialView();
  const changed: Record<string, unknown> = { version: initial.version };
  for (const key of Object.keys(view) as (keyof ViewState)[]) {
    const value = key === "filters" ? view.filters?.filter((f) => f.kind !== "cells") : view[key];
    if (key === "color" || !sameJson(value, initial[key])) changed[key] = value;
  }
  return PREFIX + encodeURIComponent(JSON.stringify(changed, shortNumbers));
}

/** Without a state of ours the fragment is somebody else's, and ignored with a word about it. */
export function fromFragment(fragment: string): Validated {
  if (fragment === "" || fragment === "#") return NOTHING;
  if (!fragment.startsWith(PREFIX)) {
    return { state: {}, problems: ["The link's fragment is not a view of this viewer and was ignored."] };
  }
  try {
    return validState(JSON.parse(decodeURIComponent(fragment.slice(PREFIX.length))));
  } catch {
    return { state: {}, problems: ["The link's view is damaged and was ignored."] };
  }
}

/** Points of a lasso need no more than a ten-thousandth of the plot; other numbers are left alone. */
function shortNumbers(key: string, value: unknown): unknown {
  if (key !== "points" || !Array.isArray(value)) return value;
  return value.map((point: number[]) => point.map((x) => Math.round(x * 1e5) / 1e5));
}
