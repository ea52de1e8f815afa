import styles from "./busy.module.css";

interface Props {
  height: number;
  width?: number | string;
}

/** Holds the place of what is loading. */
export function Skeleton({ height, width = "100%" }: Props) {
  return <div className={styles.skeleton} style={{ height, width }} aria-hidden />;
}
