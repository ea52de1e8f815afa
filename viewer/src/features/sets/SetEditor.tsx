import { type KeyboardEvent, useEffect, useId, useMemo, useRef } from "react";
import { formatCount } from "../../lib/format";
import { cleanName, nameProblem } from "../../state/geneSets";
import type { GeneSet } from "../../state/state";
import { TextButton } from "../../ui/Button";
import { resolveGenes, splitGenes } from "../genes/geneList";
import { useGenes } from "../useGenes";
import { useApp } from "../useViewer";
import styles from "./sets.module.css";
import { UnknownGenes } from "./UnknownGenes";

/** What stands in the fields; kept by the panel, so that closing the editor loses nothing typed. */
export interface SetDraft {
  name: string;
  description: string;
  genes: string;
}

export const emptyDraft: SetDraft = { name: "", description: "", genes: "" };

interface Props {
  /** The set that is edited; null: a new one. */
  set: GeneSet | null;
  draft: SetDraft;
  onDraft(draft: SetDraft): void;
  /** `unknown`: what is no gene of this dataset. */
  onSave(set: GeneSet, unknown: string[]): void;
  onCancel(): void;
}

/** Name, description and genes of a set. Genes are checked while they are typed. */
export function SetEditor({ set, draft, onDraft, onSave, onCancel }: Props) {
  const id = useId();
  const genes = useGenes();
  const first = useRef<HTMLInputElement>(null);
  const list = useApp((state) => state.sets.list);
  const parsed = useMemo(
    () => resolveGenes(splitGenes(draft.genes), genes),
    [draft.genes, genes, genes.ready],
  );
  const name = cleanName(draft.name);
  const problem = nameProblem(name, list, set?.name);
  const { found, unknown } = parsed;
  useEffect(() => first.current?.select(), []);

  const save = (): void => {
    if (problem || !genes.ready) return;
    const about = Object.fromEntries(
      Object.entries(set?.about ?? {}).filter(([gene]) => found.includes(gene)),
    );
    onSave({ name, description: draft.description.trim(), genes: found, about }, unknown);
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key === "Escape") {
      event.stopPropagation();
      event.preventDefault();
      onCancel();
    } else if (event.key === "Enter" && (event.ctrlKey || event.metaKey || event.target === first.current)) {
      event.preventDefault();
      save();
    }
  };
  /** In place of what was typed wrong. */
  const replace = (symbol: string, gene: string): void =>
    onDraft({
      ...draft,
      genes: [...found, ...unknown.map((other) => (other === symbol ? gene : other))].join(" "),
    });

  return (
    <section
      className={styles.editor}
      aria-label={set ? `Edit ${set.name}` : "New gene set"}
      onKeyDown={onKeyDown}
    >
      <label htmlFor={`${id}-name`}>Name</label>
      <input
        ref={first}
        id={`${id}-name`}
        className={styles.field}
        value={draft.name}
        maxLength={1000}
        aria-invalid={draft.name !== "" && problem !== null}
        aria-describedby={`${id}-problem`}
        placeholder="T cells"
        onChange={(event) => onDraft({ ...draft, name: event.target.value })}
      />
      {problem !== null && draft.name !== "" && (
        <p id={`${id}-problem`} className={styles.fieldProblem} role="alert">
          {problem}
        </p>
      )}
      <label htmlFor={`${id}-about`}>Description</label>
      <input
        id={`${id}-about`}
        className={styles.field}
        value={draft.description}
        placeholder="where it is from, what it means"
        onChange={(event) => onDraft({ ...draft, description: event.target.value })}
      />
      <label htmlFor={`${id}-genes`}>Genes</label>
      <textarea
        id={`${id}-genes`}
        className={styles.area}
        rows={4}
        spellCheck={false}
        autoCapitalize="off"
        value={draft.genes}
        aria-describedby={`${id}-found`}
        placeholder="Type or paste names, apart by spaces, commas or lines"
        onChange={(event) => onDraft({ ...draft, genes: event.target.value })}
      />
      <p id={`${id}-found`} className={styles.found} role="status">
        {!genes.ready
          ? "Loading the gene names…"
          : unknown.length > 0
            ? `${formatCount(found.length)} found, ${formatCount(unknown.length)} not in this dataset:`
            : found.length > 0 && `${formatCount(found.length)} ${found.length === 1 ? "gene" : "genes"}`}
      </p>
      {genes.ready && <UnknownGenes symbols={unknown} genes={genes} onReplace={replace} />}
      <div className={styles.actions}>
        <TextButton look="primary" isDisabled={problem !== null || !genes.ready} onPress={save}>
          {set ? "Save" : "Create"}
          {unknown.length > 0 &&
            ` with ${formatCount(found.length)} of ${formatCount(found.length + unknown.length)}`}
        </TextButton>
        <TextButton onPress={onCancel}>Cancel</TextButton>
      </div>
    </section>
  );
}
