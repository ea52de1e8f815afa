// Two changes of the same annotations made one: cell by cell, what only one of them touched is taken from
// it. Where both said something else, what is stored stays, and the difference is told.

import { type Annotated, type Labels, noLabels, sameLabels, sized } from "./labels";

export interface Conflict {
  column: string;
  kind:
    | "cells" // both labeled these cells, otherwise
    | "removed-here" // removed here, changed there: it stays
    | "removed-there"; // removed there, changed here: it stays
  cells: number;
  mine: Labels | null; // all of the column as it was here
}

export interface Merged {
  all: Annotated;
  conflicts: Conflict[];
}

/** `base` is what both began with, `theirs` what is stored by now. */
export function merge(base: Annotated, mine: Annotated, theirs: Annotated): Merged {
  const all = new Map<string, Labels>();
  const conflicts: Conflict[] = [];
  for (const name of new Set([...theirs.keys(), ...mine.keys()])) {
    const [b, m, t] = [base.get(name), mine.get(name), theirs.get(name)];
    if (sameLabels(m, b)) {
      if (t) all.set(name, t);
    } else if (sameLabels(t, b) || sameLabels(m, t)) {
      if (m) all.set(name, m);
    } else if (!m) {
      all.set(name, t!);
      conflicts.push({ column: name, kind: "removed-here", cells: 0, mine: null });
    } else if (!t) {
      all.set(name, m);
      conflicts.push({ column: name, kind: "removed-there", cells: 0, mine: m });
    } else {
      const { labels, cells } = mergeCells(b ?? noLabels(m.codes.length), m, t);
      all.set(name, labels);
      if (cells > 0) conflicts.push({ column: name, kind: "cells", cells, mine: m });
    }
  }
  return { all, conflicts };
}

function mergeCells(base: Labels, mine: Labels, theirs: Labels): { labels: Labels; cells: number } {
  const names = [...new Set([...theirs.categories, ...mine.categories, ...base.categories])];
  const [b, m, t] = [base, mine, theirs].map((labels) => numbered(labels, names)) as [
    Int32Array,
    Int32Array,
    Int32Array,
  ];
  const codes = new Int32Array(t.length);
  let cells = 0;
  for (let i = 0; i < codes.length; i++) {
    const touched = m[i] !== b[i];
    const disputed = touched && t[i] !== b[i] && t[i] !== m[i];
    codes[i] = touched && !disputed ? m[i]! : t[i]!;
    if (disputed) cells++;
  }
  return { labels: withoutDropped(names, codes, base, mine, theirs), cells };
}

/** Codes into `names`. */
function numbered({ categories, codes }: Labels, names: readonly string[]): Int32Array {
  const places = new Map(names.map((name, i) => [name, i]));
  const to = categories.map((name) => places.get(name)!);
  return Int32Array.from(codes, (code) => (code < 0 ? -1 : to[code]!));
}

/** A label that one side has removed goes, unless cells still have it. */
function withoutDropped(
  names: readonly string[],
  codes: Int32Array,
  base: Labels,
  mine: Labels,
  theirs: Labels,
): Labels {
  const used = new Set<number>(codes);
  const [before, here, there] = [base, mine, theirs].map(({ categories }) => new Set(categories));
  const kept = names.filter((name, i) => {
    if (used.has(i)) return true;
    return before!.has(name) ? here!.has(name) && there!.has(name) : true;
  });
  const places = new Map(kept.map((name, i) => [name, i]));
  const to = names.map((name) => places.get(name) ?? -1);
  return sized(
    kept,
    codes.map((code) => (code < 0 ? -1 : to[code]!)),
  );
}
