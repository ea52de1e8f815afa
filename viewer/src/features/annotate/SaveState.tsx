import { Check, CloudOff, TriangleAlert } from "lucide-react";
import { TextButton } from "../../ui/Button";
import { useApp, useViewer } from "../useViewer";
import styles from "./annotate.module.css";
import { useAnnotations, useAnnotationsState } from "./useAnnotations";

/** Whether what was annotated is on the server's disk. */
export function SaveState() {
  const viewer = useViewer();
  const annotations = useAnnotations();
  const { status, unsaved, saved, conflicts } = useAnnotationsState();
  const expired = useApp((state) => state.server === "expired");
  if (status === "off" || status === "loading") return null;
  const kept = `${unsaved} ${unsaved === 1 ? "change" : "changes"} kept`;
  return (
    <span className={styles.state} role="status" data-testid="annotations-state">
      {conflicts.length > 0 && (
        <TextButton look="link" onPress={() => viewer.do({ type: "setDock", tab: "annotations" })}>
          <TriangleAlert aria-hidden />
          {conflicts.length === 1 ? "1 conflict" : `${conflicts.length} conflicts`}
        </TextButton>
      )}
      {status === "saved" && saved > 0 && (
        <span className={styles.done}>
          saved <Check aria-hidden />
        </span>
      )}
      {status === "saving" && <span className={styles.quiet}>saving…</span>}
      {status === "waiting" && (
        <span className={styles.warning}>
          <CloudOff aria-hidden /> offline, {kept}
        </span>
      )}
      {typeof status === "object" && (
        <span className={styles.warning} title={status.error}>
          <TriangleAlert aria-hidden /> not saved, {kept}
          <TextButton look="link" onPress={() => (expired ? viewer.reload() : annotations?.retry())}>
            {expired ? "Reload" : "Retry"}
          </TextButton>
        </span>
      )}
    </span>
  );
}
