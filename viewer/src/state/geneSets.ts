// Gene sets as lists of plain objects, and what can be done with such a list: pure functions.

import { sameJson } from "./actions";
import type { GeneSet } from "./state";

export const MAX_NAME = 1000; // characters; the server's limit

/** Why this cannot be the name of a set; null when it can. `except`: the name that it has now. */
export function nameProblem(name: string, sets: readonly GeneSet[], except?: string): string | null {
  if (name === "") return "A gene set needs a name.";
  if (name.length > MAX_NAME) return `A name has ${MAX_NAME} characters at most.`;
  if (name !== except && sets.some((set) => set.name === name)) return `There is a set “${name}” already.`;
  return null;
}

/** As the server takes names: one line, no spaces around it or two in a row. */
export const cleanName = (text: string): string =>
  text
    .replace(/[\p{C}\p{Z}]+/gu, " ")
    .trim()
    .replace(/ {2,}/g, " ");

/** "T cells", or the next of "T cells (2)", "T cells (3)" … that is free. */
export function freeName(wish: string, sets: readonly GeneSet[]): string {
  const taken = new Set(sets.map(({ name }) => name));
  const base = cleanName(wish).slice(0, MAX_NAME - 8) || "Gene set";
  if (!taken.has(base)) return base;
  for (let i = 2; ; i++) if (!taken.has(`${base} (${i})`)) return `${base} (${i})`;
}

/** One change: the set of the first name becomes the second; null means that there is none. */
export interface SetChange {
  before: GeneSet | null;
  after: GeneSet | null;
  at: number; // where it was or will be, if it comes or goes
}

export function changed(sets: readonly GeneSet[], { before, after, at }: SetChange): GeneSet[] {
  const index = before ? sets.findIndex(({ name }) => name === before.name) : -1;
  if (!after) return index < 0 ? [...sets] : sets.toSpliced(index, 1);
  // Somebody else may have taken the name, or the place, meanwhile.
  const others = sets.filter((set, i) => i !== index && set.name !== after.name);
  return others.toSpliced(index < 0 ? at : index, 0, after);
}

export const reversed = (changes: readonly SetChange[]): SetChange[] =>
  changes.map(({ before, after, at }) => ({ before: after, after: before, at })).reverse();

export const inOrder = (sets: readonly GeneSet[], names: readonly string[]): GeneSet[] =>
  [...sets].sort((a, b) => place(names, a.name) - place(names, b.name));

const place = (names: readonly string[], name: string): number => {
  const at = names.indexOf(name);
  return at < 0 ? -1 : at; // those it does not know are new, and new ones are on top
};

/** A set that two windows have changed at once: the other's keeps its name, ours goes on under a new one. */
export interface SetConflict {
  name: string;
  ours: string; // the name that our version has now
}

export interface Merged {
  sets: GeneSet[];
  conflicts: SetConflict[];
  restored: string[]; // deleted by one side and changed by the other: the change stays
}

/**
 * The list after two changed it at once, neither losing anything: `base` is what both began with, `ours` what
 * we made of it, `theirs` what is stored by now.
 */
export function merged(
  base: readonly GeneSet[],
  ours: readonly GeneSet[],
  theirs: readonly GeneSet[],
): Merged {
  const was = byName(base);
  const mine = byName(ours);
  const now = byName(theirs);
  const conflicts: SetConflict[] = [];
  const restored: string[] = [];
  let sets = [...theirs];
  for (const set of [...ours].reverse()) {
    const before = was.get(set.name);
    const other = now.get(set.name);
    if (sameJson(set, before) || sameJson(set, other)) continue;
    if (other && !sameJson(other, before)) {
      const copy = { ...set, name: freeName(set.name, [...sets, ...ours]) };
      conflicts.push({ name: set.name, ours: copy.name });
      sets = changed(sets, { before: null, after: copy, at: sets.indexOf(other) + 1 });
    } else {
      if (before && !other) restored.push(set.name);
      sets = changed(sets, { before: other ?? null, after: set, at: 0 });
    }
  }
  for (const { name } of base) {
    if (mine.has(name) || !now.has(name)) continue;
    if (sameJson(now.get(name), was.get(name))) sets = sets.filter((set) => set.name !== name);
    else restored.push(name);
  }
  const moved = !sameJson(order(base, ours), order(ours, base));
  return {
    sets: moved
      ? inOrder(
          sets,
          ours.map(({ name }) => name),
        )
      : sets,
    conflicts,
    restored,
  };
}

const byName = (sets: readonly GeneSet[]): Map<string, GeneSet> =>
  new Map(sets.map((set) => [set.name, set]));

/** The names of the first list that the second has too. */
const order = (sets: readonly GeneSet[], common: readonly GeneSet[]): string[] => {
  const kept = byName(common);
  return sets.flatMap(({ name }) => (kept.has(name) ? [name] : []));
};
