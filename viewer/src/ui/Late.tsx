import type { ReactNode } from "react";
import styles from "./busy.module.css";

/** Words for a wait, and what goes with them: seen only when it is long enough to be noticed. */
export function Late({ children }: { children: ReactNode }) {
  return <span className={styles.late}>{children}</span>;
}
