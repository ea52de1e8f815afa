import { useMemo } from "react";
import { ColumnActions } from "../features/annotate/ColumnActions";
import { LabelActions } from "../features/annotate/LabelActions";
import { NewAnnotation } from "../features/annotate/NewAnnotation";
import { CategoryColumn } from "../features/categories/CategoryColumn";
import { ContinuousColumn } from "../features/continuous/ContinuousColumn";
import { type CategorySlots, CategorySlotsContext } from "../features/slots";
import { useApp } from "../features/useViewer";
import type { ObsColumnInfo } from "../state/viewer";
import { Skeleton } from "../ui/Skeleton";
import styles from "./app.module.css";

const byName = new Intl.Collator(undefined, { numeric: true, sensitivity: "base" });
const ROW = { pointer: 26, touch: 44 }; // CSS pixels, as --cxg-row

/** The left sidebar: categorical columns, those with one value only, numeric ones, each from A to Z. */
export function CellsPanel({ touch }: { touch: boolean }) {
  const dataset = useApp((state) => state.dataset);
  const columns = useMemo(() => {
    const sorted = [...(dataset?.obs ?? [])].sort((a, b) => byName.compare(a.name, b.name));
    const of = (...kinds: ObsColumnInfo["kind"][]) => sorted.filter(({ kind }) => kinds.includes(kind));
    const annotations = sorted.filter(({ kind, writable }) => writable && kind === "categorical");
    const categorical = of("categorical", "boolean").filter((info) => !annotations.includes(info));
    const single = categorical.filter(({ categories }) => categories?.length === 1);
    const several = categorical.filter((info) => !single.includes(info));
    return {
      annotations,
      categorical: [...several, ...single],
      numeric: of("continuous"),
      text: of("string"),
    };
  }, [dataset]);

  if (!dataset) return <Placeholder />;
  const category = (info: ObsColumnInfo) => (
    <CategoryColumn key={info.name} info={info} rowHeight={touch ? ROW.touch : ROW.pointer} />
  );
  return (
    <CategorySlotsContext value={SLOTS}>
      <NewAnnotation />
      {columns.annotations.map(category)}
      {columns.annotations.length > 0 && <div className={styles.divider} />}
      {dataset.obs.length === 0 && (
        <p className={styles.quiet}>
          This dataset has no columns of cells: what you put into <code>adata.obs</code> is shown here.
        </p>
      )}
      {columns.categorical.map(category)}
      {columns.categorical.length > 0 && columns.numeric.length > 0 && <div className={styles.divider} />}
      {columns.numeric.map((info) => (
        <ContinuousColumn key={info.name} info={info} />
      ))}
      {columns.text.length > 0 && (
        <p className={styles.quiet}>
          Not filterable, a different text in most cells: {columns.text.map(({ name }) => name).join(", ")}.
        </p>
      )}
    </CategorySlotsContext>
  );
}

/** What annotating adds to the columns that may be edited. */
const SLOTS: CategorySlots = {
  column: (column) => <ColumnActions column={column} />,
  category: (column, label) => <LabelActions column={column} label={label} />,
};

function Placeholder() {
  return (
    <div className={styles.skeletons}>
      {[62, 48, 70, 55].map((width) => (
        <Skeleton key={width} height={18} width={`${width}%`} />
      ))}
      <Skeleton height={76} />
      <Skeleton height={76} />
    </div>
  );
}
