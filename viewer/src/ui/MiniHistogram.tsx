import { barsPath, largest } from "./bars";
import styles from "./histogram.module.css";

interface Props {
  total: ArrayLike<number>;
  selected: ArrayLike<number> | null;
  width: number;
  height: number;
}

/** A histogram the size of a word. Log heights, because most genes are zero in most cells. */
export function MiniHistogram({ total, selected, width, height }: Props) {
  const most = largest(total);
  return (
    <svg className={styles.mini} width={width} height={height} aria-hidden>
      <path className={styles.total} d={barsPath(total, most, "log", width, height, 0)} />
      {selected && <path className={styles.selected} d={barsPath(selected, most, "log", width, height, 0)} />}
    </svg>
  );
}
