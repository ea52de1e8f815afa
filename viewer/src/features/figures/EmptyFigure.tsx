import { TextButton } from "../../ui/Button";
import { useViewer } from "../useViewer";
import styles from "./figures.module.css";
import type { FigureShown } from "./useFigure";

const SENTENCES: Record<NonNullable<FigureShown["missing"]>, string> = {
  genes: "No genes yet: add some in the Genes panel, or choose a gene set or a list at the side.",
  columns: "This figure needs two columns with categories: choose them at the side.",
  selection: "No cell is selected: draw a lasso or tick categories, or show all cells.",
};

/** Says what to do first. */
export function EmptyFigure({ missing }: { missing: NonNullable<FigureShown["missing"]> }) {
  const viewer = useViewer();
  return (
    <div className={styles.empty}>
      <p>{SENTENCES[missing]}</p>
      {missing === "selection" && (
        <TextButton
          look="outlined"
          onPress={() => viewer.do({ type: "setFigure", changes: { cells: "all" } })}
        >
          Show all cells
        </TextButton>
      )}
      {missing === "genes" && (
        <TextButton
          look="outlined"
          onPress={() => viewer.do({ type: "setFigure", changes: { genes: { from: "list", genes: [] } } })}
        >
          Type or paste a list
        </TextButton>
      )}
    </div>
  );
}
