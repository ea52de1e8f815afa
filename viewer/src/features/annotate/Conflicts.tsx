import { formatCount } from "../../lib/format";
import type { AnnotationConflict, Annotations } from "../../state/annotations";
import { TextButton } from "../../ui/Button";
import styles from "./annotate.module.css";
import { useAnnotationsState } from "./useAnnotations";

/** What two people changed at once: the user decides. */
export function Conflicts({ annotations }: { annotations: Annotations }) {
  const { conflicts } = useAnnotationsState();
  return conflicts.map((conflict) => (
    <div key={conflict.id} className={styles.conflict} role="alert">
      <p>{sentence(conflict)}</p>
      {conflict.kind !== "removed-there" && (
        <TextButton look="outlined" onPress={() => annotations.settle(conflict.id, "theirs")}>
          Keep theirs
        </TextButton>
      )}
      <TextButton look="outlined" onPress={() => annotations.settle(conflict.id, "mine")}>
        {conflict.kind === "removed-here" ? "Delete it all the same" : "Keep mine"}
      </TextButton>
      {conflict.kind === "cells" && (
        <TextButton look="outlined" onPress={() => annotations.settle(conflict.id, "copy")}>
          Keep both
        </TextButton>
      )}
      {conflict.kind === "removed-there" && (
        <TextButton look="outlined" onPress={() => annotations.settle(conflict.id, "theirs")}>
          Delete it here too
        </TextButton>
      )}
    </div>
  ));
}

function sentence({ column, kind, cells }: AnnotationConflict): string {
  if (kind === "removed-here")
    return `“${column}” was deleted here, and changed elsewhere meanwhile: it is still there.`;
  if (kind === "removed-there")
    return `“${column}” was deleted elsewhere, and changed here meanwhile: it is still there.`;
  const count = cells === 1 ? "1 cell" : `${formatCount(cells)} cells`;
  return `“${column}”: ${count} got another label elsewhere meanwhile, which was left as it is.`;
}
