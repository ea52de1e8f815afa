// By what the selected cells were chosen, in a few words: the history of annotations keeps it.

import { formatNumber } from "../lib/format";
import type { Filter, ViewState } from "./state";

const LONGEST = 300; // letters

export function describeSelection({ filters, subset }: Pick<ViewState, "filters" | "subset">): string {
  const text = [...subset.flat(), ...filters].map(describe).join(", ");
  return text.length > LONGEST ? `${text.slice(0, LONGEST - 1)}…` : text;
}

function describe(filter: Filter): string {
  switch (filter.kind) {
    case "categories": {
      const names = filter.values.map((value) => value ?? "no value");
      return `${filter.column}${filter.mode === "exclude" ? " not" : ""} ${names.join(" or ")}`;
    }
    case "range":
      return `${filter.source.name} ${formatNumber(filter.min)} to ${formatNumber(filter.max)}`;
    case "region":
      return `lasso in ${filter.embedding}`;
    case "cells":
      return filter.label;
    case "group": {
      const inner = filter.filters.map(describe).join(filter.op === "all" ? " and " : " or ");
      return `${filter.not ? "not " : ""}(${filter.name ?? inner})`;
    }
  }
}
