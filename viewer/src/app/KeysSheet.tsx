import { COMMAND_KEY } from "../lib/platform";
import styles from "./app.module.css";
import { Sheet } from "./Sheet";

const KEYS: [string[], string][] = [
  [["/"], "Find a gene, column or category"],
  [["L", "R", "P"], "Lasso, rectangle, move"],
  [["Shift", "Alt"], "While drawing: add to, remove from the selection; both: keep what is in both"],
  [["Enter"], "In the plot: begin a rectangle; arrows move it, Shift and arrows size it, Enter takes it"],
  [["Space"], "Held: drag moves the plot"],
  [["+", "−", "0"], "Zoom in, out, show all"],
  [["[", "]"], "Cells, genes sidebar"],
  [["S", "Shift S"], "Show the selected cells alone, back to all"],
  [["I"], "Select the other cells"],
  [["T"], "Names of the categories in the plot"],
  [["A"], "Annotate: label the selected cells"],
  [["D"], "Results and figures"],
  [["V"], "Views: save, open, copy the link"],
  [[`${COMMAND_KEY} Z`], "Undo"],
  [[`${COMMAND_KEY} Shift Z`], "Redo"],
  [["Esc"], "Back out of anything"],
  [["?"], "This list"],
];

export function KeysSheet({ onClose }: { onClose(): void }) {
  return (
    <Sheet title="Keyboard shortcuts" onClose={onClose}>
      <dl className={styles.keys}>
        {KEYS.map(([keys, what]) => (
          <div key={what}>
            <dt>
              {keys.map((key) => (
                <kbd key={key}>{key}</kbd>
              ))}
            </dt>
            <dd>{what}</dd>
          </div>
        ))}
      </dl>
      <p className={styles.hint}>Double click a category to see only that one; hover it to find its cells.</p>
    </Sheet>
  );
}
