import { TextButton } from "../../ui/Button";
import { SetsSection } from "../sets/SetsSection";
import { useView, useViewer } from "../useViewer";
import { AddGenes } from "./AddGenes";
import { GeneRow } from "./GeneRow";
import styles from "./genes.module.css";

/** The right sidebar. */
export function GenesPanel() {
  const viewer = useViewer();
  const genes = useView((view) => view.genes);
  const removeAll = (): void => viewer.do({ type: "setState", state: { genes: [] } });
  return (
    <div className={styles.panel}>
      <div className={styles.add}>
        <AddGenes />
      </div>
      {genes.length === 0 ? (
        <p className={styles.empty}>
          No genes yet: type a name, paste a list, or compare two groups.
          <br />
          Each gene colors the cells and filters them by its expression.
        </p>
      ) : (
        <>
          <ul className={styles.rows} aria-label="Genes">
            {genes.map((gene) => (
              <GeneRow key={gene} gene={gene} />
            ))}
          </ul>
          {genes.length > 1 && (
            <div className={styles.footer}>
              <TextButton look="link" onPress={removeAll}>
                Remove all {genes.length}
              </TextButton>
            </div>
          )}
        </>
      )}
      <SetsSection />
    </div>
  );
}
