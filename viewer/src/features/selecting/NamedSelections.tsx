import { useView, useViewer } from "../useViewer";
import { NamedSelectionRow } from "./NamedSelectionRow";
import { NameField } from "./NameField";
import styles from "./selecting.module.css";

/** Selections under names: kept with the view, so in its links and saved views too. */
export function NamedSelections({ onDone }: { onDone(): void }) {
  const viewer = useViewer();
  const selections = useView((view) => view.selections);
  const filtered = useView((view) => view.filters.length > 0 || view.subset.length > 0);
  return (
    <>
      <h2 className={styles.title}>Selections with names</h2>
      {filtered ? (
        <NameField
          label="Name of the selection"
          placeholder="Keep this selection as…"
          action={(name) => (selections.some((kept) => kept.name === name) ? "Replace" : "Keep")}
          onDone={(name) => viewer.do({ type: "saveSelection", name })}
        />
      ) : (
        <p className={styles.hint}>
          Every cell is selected now. Select some, then keep them under a name here.
        </p>
      )}
      {selections.length > 0 && (
        <ul className={styles.names} aria-label="Selections with names">
          {selections.map((selection) => (
            <NamedSelectionRow
              key={selection.name}
              selection={selection}
              filtered={filtered}
              onDone={onDone}
            />
          ))}
        </ul>
      )}
      {selections.length === 0 && filtered && (
        <p className={styles.hint}>
          What you keep can be selected again, and combined: with what is selected then, or taken away from
          it.
        </p>
      )}
    </>
  );
}
