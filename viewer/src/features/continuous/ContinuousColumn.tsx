import { useRef } from "react";
import { obsKey } from "../../data/keys";
import { formatCount, formatNumber } from "../../lib/format";
import type { ObsColumnInfo } from "../../state/viewer";
import { ColorByButton } from "../../ui/ColorByButton";
import { Problem } from "../../ui/Problem";
import { Skeleton } from "../../ui/Skeleton";
import { useInView } from "../../ui/useInView";
import { RangeHistogram } from "../RangeHistogram";
import { useColorBy, useColumn } from "../useViewer";
import styles from "./continuous.module.css";

/** A numeric column: its histogram with a brush, and its color button. */
export function ContinuousColumn({ info }: { info: ObsColumnInfo }) {
  const row = useRef<HTMLElement>(null);
  const color = { kind: "obs", name: info.name } as const;
  const [active, setActive] = useColorBy(color);
  const wanted = useInView(row) || active;
  const { column: loaded, error, retry } = useColumn(wanted ? obsKey(info.name) : null);
  const column = loaded?.kind === "continuous" ? loaded : undefined;

  if (column && !(column.max > column.min)) {
    return (
      <p className={styles.single}>
        <span>{info.name}</span>
        <span>{Number.isNaN(column.min) ? "no values" : formatNumber(column.min)}</span>
      </p>
    );
  }
  return (
    <section className={styles.column} ref={row} aria-label={info.name}>
      <div className={styles.header}>
        <h3 className={styles.title} title={info.name}>
          {info.name}
        </h3>
        {column !== undefined && column.missing > 0 && (
          <span className={styles.missing}>{formatCount(column.missing)} missing</span>
        )}
        <ColorByButton name={info.name} active={active} onChange={setActive} />
      </div>
      <div className={styles.body}>
        {error !== null ? (
          <Problem message={error} onRetry={retry} />
        ) : column ? (
          <RangeHistogram source={color} label={info.name} column={column} />
        ) : (
          <Skeleton height={98} />
        )}
      </div>
    </section>
  );
}
