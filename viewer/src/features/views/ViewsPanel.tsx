import { useCallback, useEffect, useId, useState } from "react";
import { ApiError } from "../../api/errors";
import type { SavedViewDoc } from "../../state/viewer";
import { BusyLine } from "../../ui/BusyLine";
import { TextButton } from "../../ui/Button";
import { Problem } from "../../ui/Problem";
import { Skeleton } from "../../ui/Skeleton";
import { useViewer } from "../useViewer";
import { AddressOfView } from "./AddressOfView";
import { ViewList } from "./ViewList";
import styles from "./views.module.css";

const MAX_NAME = 200; // as the server's

interface Trouble {
  message: string;
  again?(): void;
  replaces?: SavedViewDoc | undefined;
}

/** The address of what is shown now; saves it under a name, and opens what was saved. */
export function ViewsPanel({ onOpened }: { onOpened(name: string): void }) {
  const { views } = useViewer();
  const nameId = useId();
  const [name, setName] = useState("");
  const [list, setList] = useState<SavedViewDoc[] | null>(null);
  const [busy, setBusy] = useState(false);
  const [trouble, setTrouble] = useState<Trouble | null>(null);
  const [done, setDone] = useState<{ message: string; undo?(): void } | null>(null);

  /** Tells what went wrong beside the list, and shows the list as it is afterwards. */
  const attempt = useCallback(
    async (work: () => Promise<unknown>, named?: string): Promise<void> => {
      setBusy(true);
      setTrouble(null);
      setDone(null);
      let found: Trouble | null = null;
      try {
        await work();
      } catch (error) {
        found = { message: error instanceof Error ? error.message : String(error) };
        // What the server refuses for a reason it would refuse again.
        if (!(error instanceof ApiError) || ["unreachable", "undecodable", "error"].includes(error.code))
          found.again = () => void attempt(work, named);
      }
      try {
        const known = await views?.list();
        setList(known ?? []);
        if (named !== undefined && found) found.replaces = known?.find((view) => view.name === tidied(named));
      } catch (error) {
        found ??= {
          message: error instanceof Error ? error.message : String(error),
          again: () => void attempt(async () => {}),
        };
      }
      setTrouble(found);
      setBusy(false);
    },
    [views],
  );
  useEffect(() => void attempt(async () => {}), [attempt]);
  if (!views) return <AddressOfView />;

  const save = () =>
    attempt(async () => {
      const { name: saved } = await views.save(name);
      setName("");
      setDone({ message: `“${saved}” was saved.` });
    }, name);
  const replace = (view: SavedViewDoc) =>
    attempt(async () => {
      await views.replace(view.id);
      if (tidied(name) === view.name) setName("");
      setDone({ message: `“${view.name}” shows what is shown now.` });
    });
  const remove = (view: SavedViewDoc) =>
    attempt(async () => {
      const restore = await views.remove(view.id);
      setDone({ message: `“${view.name}” was deleted.`, undo: () => void attempt(restore) });
    });
  const open = (view: SavedViewDoc) =>
    attempt(async () => {
      await views.open(view.id);
      onOpened(view.name);
    });
  const replaces = trouble?.replaces;

  return (
    <div className={styles.panel}>
      <BusyLine label={busy ? "Asking for the saved views" : null} />
      <AddressOfView />
      {/* no form: the page's sandbox does not let one be submitted */}
      <div className={styles.form}>
        <label htmlFor={nameId}>Save this view as</label>
        <div className={styles.row}>
          <input
            id={nameId}
            className={styles.field}
            value={name}
            maxLength={MAX_NAME}
            placeholder="such as: T cells, CD8A high"
            autoComplete="off"
            onChange={(event) => setName(event.target.value)}
            onKeyDown={(event) => event.key === "Enter" && !busy && name.trim() && void save()}
          />
          <TextButton look="primary" isDisabled={busy || !name.trim()} onPress={() => void save()}>
            Save
          </TextButton>
        </div>
      </div>
      {trouble && <Problem message={trouble.message} onRetry={trouble.again} />}
      {replaces && (
        <TextButton look="outlined" isDisabled={busy} onPress={() => void replace(replaces)}>
          Replace “{replaces.name}”
        </TextButton>
      )}
      <div className={styles.done} role="status">
        {done && (
          <>
            <span>{done.message}</span>
            {done.undo && (
              <TextButton look="link" onPress={done.undo}>
                Undo
              </TextButton>
            )}
          </>
        )}
      </div>
      {list === null ? (
        !trouble && <Skeleton height={64} />
      ) : (
        <ViewList
          views={list}
          isDisabled={busy}
          onOpen={(view) => void open(view)}
          onReplace={(view) => void replace(view)}
          onRename={(view, to) => attempt(() => views.rename(view.id, to))}
          onRemove={(view) => void remove(view)}
        />
      )}
    </div>
  );
}

/** As the server keeps a name. */
const tidied = (name: string): string => name.trim().replace(/\s+/g, " ");
