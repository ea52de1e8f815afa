import { formatCount } from "../../lib/format";
import { TextButton } from "../../ui/Button";
import { useApp, useViewer } from "../useViewer";
import styles from "./sets.module.css";

/** Sets that were changed here and in another window at once: both versions are there until somebody decides. */
export function ConflictCards() {
  const viewer = useViewer();
  const { conflicts, list } = useApp((state) => state.sets);
  const genes = (name: string): string => {
    const set = list.find((other) => other.name === name);
    return set ? `${formatCount(set.genes.length)} genes` : "deleted";
  };
  return conflicts.map(({ name, ours }) => (
    <section
      key={name}
      className={styles.card}
      data-kind="warning"
      aria-label={`Conflict about ${name}`}
      role="alert"
    >
      <p>
        “{name}” was changed in another window as well. Theirs ({genes(name)}) has the name, yours (
        {genes(ours)}) is saved as “{ours}”.
      </p>
      <div className={styles.actions}>
        <TextButton look="outlined" onPress={() => viewer.sets.settle(name, "both")}>
          Keep both
        </TextButton>
        <TextButton look="outlined" onPress={() => viewer.sets.settle(name, "ours")}>
          Use mine
        </TextButton>
        <TextButton look="outlined" onPress={() => viewer.sets.settle(name, "theirs")}>
          Use theirs
        </TextButton>
      </div>
    </section>
  ));
}
