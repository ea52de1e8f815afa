import { EllipsisVertical } from "lucide-react";
import { useState } from "react";
import { Button } from "react-aria-components";
import { formatDay } from "../../lib/format";
import type { SavedViewDoc } from "../../state/viewer";
import { IconButton, TextButton } from "../../ui/Button";
import { Menu } from "../../ui/Menu";
import styles from "./views.module.css";

interface Props {
  views: SavedViewDoc[];
  isDisabled: boolean;
  onOpen(view: SavedViewDoc): void;
  onReplace(view: SavedViewDoc): void;
  onRename(view: SavedViewDoc, name: string): Promise<void>;
  onRemove(view: SavedViewDoc): void;
}

/** The saved views, newest first. */
export function ViewList({ views, onRename, ...actions }: Props) {
  const [renamed, setRenamed] = useState<string | null>(null);
  if (views.length === 0) {
    return (
      <p className={styles.hint}>
        No saved views yet. A view keeps the embedding, the colors, filters and genes, and where you look. It
        is yours alone, and is here again on newer revisions of the data.
      </p>
    );
  }
  return (
    <ul className={styles.list} aria-label="Saved views">
      {views.map((view) => (
        <li key={view.id} className={styles.view}>
          {renamed === view.id ? (
            <Rename
              view={view}
              onDone={(name) => {
                setRenamed(null);
                if (name !== null && name !== view.name) void onRename(view, name);
              }}
            />
          ) : (
            <Row view={view} onRename={() => setRenamed(view.id)} {...actions} />
          )}
        </li>
      ))}
    </ul>
  );
}

type RowProps = Omit<Props, "views" | "onRename"> & { view: SavedViewDoc; onRename(): void };

function Row({ view, isDisabled, onOpen, onReplace, onRename, onRemove }: RowProps) {
  const { name, about, at, same_data, revision } = view;
  const made = same_data ? formatDay(at) : `${formatDay(at)}, on revision ${revision} of the data`;
  return (
    <>
      <Button className={styles.open} isDisabled={isDisabled} onPress={() => onOpen(view)}>
        <span className={styles.spoken}>Open </span>
        <span className={styles.name} dir="auto" title={name}>
          {name}
        </span>{" "}
        <span className={styles.about} title={`${about}, ${made}`}>
          {about ? `${about} · ${made}` : made}
        </span>
      </Button>
      <Menu
        label={`More about ${name}`}
        trigger={
          <IconButton label={`More about ${name}`} isDisabled={isDisabled}>
            <EllipsisVertical />
          </IconButton>
        }
        groups={[
          {
            entries: [
              { id: "replace", label: "Replace by what is shown", onSelect: () => onReplace(view) },
              { id: "rename", label: "Rename", onSelect: onRename },
              { id: "remove", label: "Delete", onSelect: () => onRemove(view) },
            ],
          },
        ]}
      />
    </>
  );
}

/** Enter renames, Esc does not. */
function Rename({ view, onDone }: { view: SavedViewDoc; onDone(name: string | null): void }) {
  const [name, setName] = useState(view.name);
  const done = () => onDone(name.trim() === "" ? null : name.trim());
  return (
    <div className={styles.row}>
      <input
        // biome-ignore lint/a11y/noAutofocus: who chose Rename wants to type
        autoFocus
        className={styles.field}
        aria-label={`New name of ${view.name}`}
        value={name}
        maxLength={200}
        onFocus={(event) => event.target.select()}
        onChange={(event) => setName(event.target.value)}
        onKeyDown={(event) => {
          if (event.key === "Enter") done();
          if (event.key !== "Escape") return;
          event.preventDefault(); // the sheet stays
          onDone(null);
        }}
      />
      <TextButton look="outlined" onPress={done}>
        Rename
      </TextButton>
    </div>
  );
}
