import styles from "./busy.module.css";

interface Props {
  /** What is waited for: "Loading CST3"; null: nothing is. */
  label: string | null;
  edge?: "top" | "bottom";
}

/** A thin line that runs along an edge of what waits, and is seen only when the wait is long enough to be noticed. */
export function BusyLine({ label, edge = "top" }: Props) {
  if (label === null) return null;
  return <div className={styles.line} data-edge={edge} role="progressbar" aria-label={label} />;
}
