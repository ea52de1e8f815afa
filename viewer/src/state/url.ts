// The view state as a URL fragment, "#state=…": only what differs from the initial view, as JSON. Sets of
// cells named by a key stay behind: they live in one page only. The way back is fragment.ts.

import { sameJson } from "./actions";
import { withKnownCells } from "./comparing";
import { initialView } from "./initial";
import { siftedView } from "./selecting";
import type { ViewState } from "./state";

export const FRAGMENT_PREFIX = "#state=";

export function toFragment(view: Partial<ViewState>): string {
  const initial = initialView();
  const changed: Record<string, unknown> = { version: initial.version };
  const told = withKnownCells(
    siftedView(view, (filter) => filter.kind !== "cells"),
    () => false,
  );
  for (const key of Object.keys(view) as (keyof ViewState)[]) {
    const value = told[key];
    if (key === "color" || !sameJson(value, initial[key])) changed[key] = value;
  }
  return FRAGMENT_PREFIX + encodeURIComponent(JSON.stringify(changed, shortNumbers));
}

/** Points of a lasso need no more than a ten-thousandth of the plot; other numbers are left alone. */
function shortNumbers(key: string, value: unknown): unknown {
  if (key !== "points" || !Array.isArray(value)) return value;
  return value.map((point: number[]) => point.map((x) => Math.round(x * 1e5) / 1e5));
}
