import { useApp } from "../features/useViewer";
import styles from "./app.module.css";
import { Sheet } from "./Sheet";

/** What of the AnnData the viewer does not show, and why. */
export function LeftOutSheet({ onClose }: { onClose(): void }) {
  const leftOut = useApp((state) => state.dataset?.leftOut) ?? [];
  return (
    <Sheet title="What is not shown" onClose={onClose}>
      <dl className={styles.leftOut}>
        {leftOut.map(({ where, reason }) => (
          <div key={where}>
            <dt>{where}</dt>
            <dd>{reason}</dd>
          </div>
        ))}
      </dl>
    </Sheet>
  );
}
