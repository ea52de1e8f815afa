import { Late } from "../../ui/Late";
import styles from "./annotate.module.css";
import { Conflicts } from "./Conflicts";
import { Files } from "./Files";
import { HistoryList } from "./HistoryList";
import { useAnnotations, useAnnotationsState } from "./useAnnotations";

/** What became of the annotations, and what they were; files of them. */
export function AnnotateDock() {
  const annotations = useAnnotations();
  const { status } = useAnnotationsState();
  if (!annotations) {
    return (
      <p className={styles.dock}>
        {status === "loading" ? (
          <Late>Your annotations are being loaded.</Late>
        ) : (
          "Only the owner of this view can annotate."
        )}
      </p>
    );
  }
  return (
    <div className={styles.around}>
      <div className={styles.dock}>
        <section aria-label="History of annotations">
          <Conflicts annotations={annotations} />
          <HistoryList annotations={annotations} />
        </section>
        <Files annotations={annotations} />
      </div>
    </div>
  );
}
