import { Download, FileUp, Plus } from "lucide-react";
import { type DragEvent, useEffect, useRef, useState } from "react";
import { formatCount } from "../../lib/format";
import type { GeneSet } from "../../state/state";
import { BusyLine } from "../../ui/BusyLine";
import { IconButton, TextButton } from "../../ui/Button";
import { Late } from "../../ui/Late";
import { Problem } from "../../ui/Problem";
import { useApp, useViewer } from "../useViewer";
import { ConflictCards } from "./ConflictCards";
import { ImportCard } from "./ImportCard";
import { emptyDraft, type SetDraft, SetEditor } from "./SetEditor";
import { SetRow } from "./SetRow";
import styles from "./sets.module.css";
import { useSetFiles } from "./useSetFiles";

const NEW = ""; // no set is called so

/** The gene sets, below the list of genes. */
export function SetsSection() {
  const viewer = useViewer();
  const { list, status, leftOut } = useApp((state) => state.sets);
  const [editing, setEditing] = useState<string | null>(null); // the name of a set, or NEW
  const [drafts, setDrafts] = useState<Record<string, SetDraft>>({});
  const files = useSetFiles();
  const file = useRef<HTMLInputElement>(null);
  useRefresh();

  const draftOf = (set: GeneSet | null): SetDraft =>
    drafts[set?.name ?? NEW] ??
    (set ? { name: set.name, description: set.description, genes: set.genes.join(" ") } : emptyDraft);
  const keep = (key: string, draft: SetDraft | null): void =>
    setDrafts(({ [key]: _, ...others }) => (draft ? { ...others, [key]: draft } : others));
  const editor = (set: GeneSet | null) => (
    <SetEditor
      set={set}
      draft={draftOf(set)}
      onDraft={(draft) => keep(set?.name ?? NEW, draft)}
      onCancel={() => setEditing(null)}
      onSave={(saved, unknown) => {
        if (set) viewer.sets.update(set.name, saved);
        else viewer.sets.add([saved]);
        viewer.sets.leaveOut(saved.name, unknown);
        keep(set?.name ?? NEW, null);
        setEditing(null);
      }}
    />
  );
  /** With what was not found added, to be corrected. */
  const fix = (set: GeneSet): void => {
    keep(set.name, { ...draftOf(set), genes: [...set.genes, ...(leftOut[set.name] ?? [])].join(" ") });
    setEditing(set.name);
  };
  const onDrop = (event: DragEvent): void => {
    const [dropped] = event.dataTransfer.files;
    if (!dropped) return;
    event.preventDefault();
    void files.read(dropped);
  };

  return (
    <section className={styles.section} aria-label="Gene sets" onDrop={onDrop} onDragOver={allowFiles}>
      <div className={styles.heading}>
        <h3>
          Gene sets{list.length > 0 && <span className={styles.number}>{formatCount(list.length)}</span>}
        </h3>
        <IconButton label="New gene set" placement="left" onPress={() => setEditing(NEW)}>
          <Plus />
        </IconButton>
        <IconButton
          label="Import gene sets (CSV or GMT)"
          placement="left"
          onPress={() => file.current?.click()}
        >
          <FileUp />
        </IconButton>
        <IconButton
          label="Export gene sets as CSV"
          placement="left"
          isDisabled={list.length === 0}
          onPress={files.write}
        >
          <Download />
        </IconButton>
        <input
          ref={file}
          type="file"
          accept=".csv,.tsv,.txt,.gmt,text/csv"
          hidden
          aria-label="File of gene sets"
          onChange={(event) => {
            const [chosen] = event.target.files ?? [];
            if (chosen) void files.read(chosen);
            event.target.value = ""; // the same file can be chosen again
          }}
        />
      </div>
      {status === "session" && list.length > 0 && (
        <p className={styles.note}>Kept in this page only: export them to have them later.</p>
      )}
      {typeof status === "object" && <Problem message={status.error} onRetry={() => viewer.sets.retry()} />}
      <BusyLine label={files.reading && `Reading ${files.reading}`} />
      {files.reading && (
        <p className={styles.note} role="status">
          <Late>Reading {files.reading}…</Late>
        </p>
      )}
      {files.problem !== null && <Problem message={files.problem} onRetry={files.again} />}
      {files.found && <ImportCard key={files.found.file} found={files.found} onDone={files.done} />}
      <ConflictCards />
      {editing === NEW && editor(null)}
      {list.length > 0 ? (
        <ul className={styles.sets} aria-label="Gene sets">
          {list.map((set, index) =>
            editing === set.name ? (
              <li key={set.name}>{editor(set)}</li>
            ) : (
              <SetRow
                key={set.name}
                set={set}
                index={index}
                count={list.length}
                onEdit={() => setEditing(set.name)}
                onFix={() => fix(set)}
              />
            ),
          )}
        </ul>
      ) : (
        editing !== NEW &&
        status !== "loading" && (
          <p className={styles.empty}>
            Genes under one name, to color and filter by their mean or score.{" "}
            <TextButton look="link" onPress={() => setEditing(NEW)}>
              New set
            </TextButton>
          </p>
        )
      )}
    </section>
  );
}

function allowFiles(event: DragEvent): void {
  if (event.dataTransfer.types.includes("Files")) event.preventDefault();
}

/** Whoever comes back to this window sees what was done in another. */
function useRefresh(): void {
  const viewer = useViewer();
  useEffect(() => {
    const look = (): void => {
      if (document.visibilityState === "visible") void viewer.sets.refresh();
    };
    window.addEventListener("focus", look);
    document.addEventListener("visibilitychange", look);
    return () => {
      window.removeEventListener("focus", look);
      document.removeEventListener("visibilitychange", look);
    };
  }, [viewer]);
}
