import { useState } from "react";
import { formatCount } from "../../lib/format";
import { sameJson } from "../../state/actions";
import { freeName } from "../../state/geneSets";
import type { GeneSet } from "../../state/state";
import { TextButton } from "../../ui/Button";
import { useApp, useViewer } from "../useViewer";
import styles from "./sets.module.css";

/** What was read from a file, before any of it is added. */
export interface Import {
  file: string;
  sets: GeneSet[]; // with genes of this dataset
  unknown: Map<string, string[]>; // set → names that no gene has
}

type Clash = "replace" | "both" | "skip";

const CLASHES: [Clash, string][] = [
  ["both", "Keep both"],
  ["replace", "Replace mine"],
  ["skip", "Keep mine"],
];

/** Says what a file holds, asks about names that are taken, and adds all of it as one step. */
export function ImportCard({ found, onDone }: { found: Import; onDone(): void }) {
  const viewer = useViewer();
  const list = useApp((state) => state.sets.list);
  const [clash, setClash] = useState<Clash>("both");
  const mine = new Map(list.map((set) => [set.name, set]));
  const same = found.sets.filter((set) => sameJson(mine.get(set.name), set));
  const taken = found.sets.filter((set) => mine.has(set.name) && !same.includes(set));
  const genes = found.sets.reduce((sum, set) => sum + set.genes.length, 0);
  const unknown = [...new Set([...found.unknown.values()].flat())];

  const add = (): void => {
    const names = [...list];
    const sets = found.sets.flatMap((set) => {
      if (same.includes(set) || (clash === "skip" && taken.includes(set))) return [];
      const name = clash === "both" && taken.includes(set) ? freeName(set.name, names) : set.name;
      names.push({ ...set, name });
      const left = found.unknown.get(set.name);
      if (left) viewer.sets.leaveOut(name, left);
      return [{ ...set, name }];
    });
    viewer.sets.add(sets);
    onDone();
  };

  return (
    <section className={styles.card} aria-label={`Import ${found.file}`}>
      <p>
        <b className={styles.file}>{found.file}</b> has {formatCount(found.sets.length)} gene{" "}
        {found.sets.length === 1 ? "set" : "sets"} with {formatCount(genes)} {genes === 1 ? "gene" : "genes"}{" "}
        of this dataset.
      </p>
      {unknown.length > 0 && (
        <p className={styles.quiet} title={unknown.slice(0, 200).join(", ")}>
          {formatCount(unknown.length)} {unknown.length === 1 ? "name is" : "names are"} not in this dataset:{" "}
          {unknown.slice(0, 5).join(", ")}
          {unknown.length > 5 && ` and ${formatCount(unknown.length - 5)} more`}.
        </p>
      )}
      {same.length > 0 && (
        <p className={styles.quiet}>{formatCount(same.length)} of them you have already, just so.</p>
      )}
      {taken.length > 0 && (
        <fieldset className={styles.choice}>
          <legend>
            {taken.length === 1
              ? `You have another set “${taken[0]!.name}”`
              : `${taken.length} names are taken`}
          </legend>
          {CLASHES.map(([value, label]) => (
            <label key={value}>
              <input type="radio" name="clash" checked={clash === value} onChange={() => setClash(value)} />
              {label}
            </label>
          ))}
        </fieldset>
      )}
      <div className={styles.actions}>
        <TextButton look="primary" onPress={add}>
          Add
        </TextButton>
        <TextButton onPress={onDone}>Cancel</TextButton>
      </div>
    </section>
  );
}
