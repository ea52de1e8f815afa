// A filter in the few words of a chip.

import { embeddingTitle } from "../../data/keys";
import { formatCount, formatNumber } from "../../lib/format";
import type { Filter, FilterGroup } from "../../state/state";
import { sourceText } from "../sourceText";

export interface FilterText {
  about: string; // "louvain"
  detail: string; // "2 of 8"
  italic: boolean; // it is about a gene
}

const NAMED = 2; // values that a chip names; of more it gives the number

/** `categories` is the number of categories of a column, when it is known. */
export function describeFilter(
  filter: Filter,
  embedding: string | null,
  categories: (column: string) => number | undefined,
): FilterText {
  switch (filter.kind) {
    case "categories":
      return {
        about: filter.column,
        detail: categoriesText(filter, categories(filter.column)),
        italic: false,
      };
    case "range":
      return {
        about: sourceText(filter.source),
        detail: `${formatNumber(filter.min)} – ${formatNumber(filter.max)}`,
        italic: filter.source.kind === "gene",
      };
    case "region": {
      const lasso = filter.steps.some((step) => step.shape === "lasso");
      const where = filter.embedding === embedding ? "" : `in ${embeddingTitle(filter.embedding)}`;
      return { about: lasso ? "Lasso" : "Rectangle", detail: where, italic: false };
    }
    case "cells":
      return { about: filter.label, detail: `${formatCount(filter.count)} cells`, italic: false };
    case "group":
      return { about: groupText(filter, embedding, categories), detail: "", italic: false };
  }
}

function groupText(
  { op, not, filters, name }: FilterGroup,
  embedding: string | null,
  categories: (column: string) => number | undefined,
): string {
  if (name !== undefined) return not ? `not ${name}` : name;
  const texts = filters.map((filter) => filterText(filter, embedding, categories));
  const text = texts.join(op === "any" ? " or " : " and ");
  if (not) return texts.length > 1 ? `not (${text})` : `not ${text}`;
  return text;
}

/** In one line; a group in a group has brackets. */
export function filterText(
  filter: Filter,
  embedding: string | null,
  categories: (column: string) => number | undefined,
): string {
  const { about, detail } = describeFilter(filter, embedding, categories);
  const bracketed =
    filter.kind === "group" && !filter.not && filter.filters.length > 1 && filter.name === undefined;
  return bracketed ? `(${about})` : `${about} ${detail}`.trim();
}

function categoriesText(
  { mode, values }: Extract<Filter, { kind: "categories" }>,
  total: number | undefined,
): string {
  const names = values.map((value) => value ?? "(missing)");
  if (names.length === 0) return mode === "include" ? "none" : "all";
  if (names.length <= NAMED) return (mode === "exclude" ? "not " : "") + names.join(", ");
  const kept = mode === "include" ? names.length : total === undefined ? null : total - names.length;
  if (kept === null) return `not ${formatCount(names.length)} categories`;
  return total === undefined
    ? `${formatCount(kept)} categories`
    : `${formatCount(kept)} of ${formatCount(total)}`;
}
