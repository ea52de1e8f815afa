import { Check, CloudOff } from "lucide-react";
import { TextButton } from "../../ui/Button";
import { useApp, useViewer } from "../useViewer";
import styles from "./sets.module.css";

/** In the status bar: whether the gene sets are safe. Nothing while nothing was changed. */
export function SetsSaved() {
  const viewer = useViewer();
  const { status, list } = useApp((state) => state.sets);
  const drafts = useApp((state) => state.view.drafts);
  if (typeof status === "object") {
    return drafts ? (
      <span className={styles.unsaved} role="alert">
        Gene sets are not saved: {status.error}
        <TextButton look="link" onPress={() => viewer.sets.retry()}>
          Retry
        </TextButton>
      </span>
    ) : null;
  }
  if (status === "waiting" && drafts) {
    return (
      <span className={styles.unsaved} role="status">
        <CloudOff aria-hidden /> Gene sets wait for the server; keep this page open.
      </span>
    );
  }
  if (status === "saving") return <span className={styles.saved}>Saving gene sets…</span>;
  if (status === "saved") {
    return (
      <span className={styles.saved} role="status">
        <Check aria-hidden /> Gene sets saved
      </span>
    );
  }
  if (status === "session" && list.length > 0) {
    return <span className={styles.saved}>Gene sets are kept in this page only</span>;
  }
  return null;
}
