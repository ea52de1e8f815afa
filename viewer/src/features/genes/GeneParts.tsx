import { geneKey } from "../../data/keys";
import { BusyLine } from "../../ui/BusyLine";
import { MiniHistogram } from "../../ui/MiniHistogram";
import { Problem } from "../../ui/Problem";
import { Skeleton } from "../../ui/Skeleton";
import { RangeHistogram } from "../RangeHistogram";
import { useColumn, useCounts, useView } from "../useViewer";
import styles from "./genes.module.css";

// The parts of a row that change when its values or counts arrive: the buttons beside them do not render again.

/** The small histogram of a row that is closed. */
export function GeneMini({ gene }: { gene: string }) {
  const counts = useCounts().histogram({ kind: "gene", name: gene });
  const filtered = useView((view) => view.filters.length > 0);
  return (
    counts && (
      <MiniHistogram
        total={counts.total}
        selected={filtered ? counts.selected : null}
        width={56}
        height={16}
      />
    )
  );
}

/** That the values are on their way or do not come, and the whole histogram when the row is open. */
export function GeneBody({ gene, label, open }: { gene: string; label: string; open: boolean }) {
  const { column: loaded, error, retry } = useColumn(geneKey(gene));
  const column = loaded?.kind === "continuous" ? loaded : undefined;
  if (error !== null) {
    return (
      <div className={styles.body}>
        <Problem message={error} onRetry={retry} />
      </div>
    );
  }
  return (
    <>
      {!column && <BusyLine label={`Loading ${label}`} edge="bottom" />}
      {open && (
        <div className={styles.body}>
          {!column ? (
            <Skeleton height={98} />
          ) : column.max > column.min ? (
            <RangeHistogram source={{ kind: "gene", name: gene }} label={label} column={column} />
          ) : (
            <p className={styles.constant}>
              {column.max === 0 ? "Zero in every cell." : "The same value in every cell."}
            </p>
          )}
        </div>
      )}
    </>
  );
}
