// What a view shows, in a few words: for the list of saved views.

import type { ViewState } from "./state";

const LONGEST = 200; // letters

export function describeView(view: Partial<ViewState>): string {
  const { embedding, color, filters = [], subset = [], genes = [], panels = [] } = view;
  const parts = [
    embedding,
    color && `colored by ${color.name}`,
    count(filters.length, "filter"),
    subset.length > 0 && "a subset",
    count(genes.length, "gene"),
    panels.length > 0 && `${panels.length + 1} plots`,
  ];
  const text = parts.filter(Boolean).join(" · ");
  return text.length > LONGEST ? `${text.slice(0, LONGEST - 1)}…` : text;
}

const count = (n: number, what: string): string | false => n > 0 && `${n} ${what}${n === 1 ? "" : "s"}`;
