// Comparisons from outside, checked.

import { type Against, type CellGroup, type Comparing, type Comparison, MOST_SHOWN } from "./comparing";
import type { Filter } from "./state";

type Is = (value: unknown) => boolean;

const text: Is = (v) => typeof v === "string";
const oneOf =
  (...allowed: string[]): Is =>
  (v) =>
    allowed.includes(v as string);
const methods = oneOf("t-test", "wilcoxon", "cellxgene");

/** `filter` says whether something is a filter. */
export function comparingChecks(filter: (value: unknown) => value is Filter) {
  const filters: Is = (v) => Array.isArray(v) && v.every(filter);
  const group = (v: unknown): v is CellGroup => {
    const { kind, column, value, filters: list, name, count } = fields(v);
    if (kind === "category") return text(column) && text(value);
    return kind === "filters" && filters(list) && text(name) && (count === null || Number.isFinite(count));
  };
  const against = (v: unknown): v is Against =>
    group(v) || (fields(v).kind === "rest" && filters(fields(v).within));
  const comparison = (v: unknown): v is Comparison => {
    const { kind, name, key, method, layer, column, a, b } = fields(v);
    if (!text(name)) return false;
    if (kind === "ranking") return text(key);
    if (!methods(method) || !text(layer)) return false;
    return kind === "markers" ? text(column) : kind === "groups" && group(a) && against(b);
  };
  const shown: Is = (v) => Array.isArray(v) && v.length <= MOST_SHOWN && v.every(text);
  const part = (v: unknown, optional: boolean): v is Comparing => {
    const { method, layer, shown: names } = fields(v);
    const ok = (check: Is, value: unknown) => (optional && value === undefined) || check(value);
    return ok(methods, method) && ok(text, layer) && ok(shown, names);
  };
  return {
    comparison,
    comparisons: (v: unknown) =>
      Array.isArray(v) && v.every(comparison) && new Set(v.map(({ name }) => name)).size === v.length,
    groups: (v: unknown) => (fields(v).a === null || group(fields(v).a)) && against(fields(v).b),
    comparing: (v: unknown) => part(v, false),
    changes: (v: unknown) => isObject(v) && part(v, true),
    setGroup: (v: unknown) => {
      const { side, group: given } = fields(v);
      return side === "a" ? given === null || group(given) : side === "b" && against(given);
    },
  };
}

const isObject = (v: unknown): v is Record<string, unknown> => typeof v === "object" && v !== null;
const fields = (v: unknown): Record<string, unknown> => (isObject(v) ? v : {});
