import { chosenColors } from "../../state/coloring";
import { TextButton } from "../../ui/Button";
import { useView, useViewer } from "../useViewer";
import styles from "./categories.module.css";

/** How many labels have colors that somebody has chosen, and the way back. */
export function ChangedColors({ name }: { name: string }) {
  const viewer = useViewer();
  const changed = useView((view) => Object.keys(chosenColors(view.labelColors, name)).length);
  if (changed === 0) return null;
  return (
    <p className={styles.changed}>
      <span>{changed === 1 ? "1 color changed" : `${changed} colors changed`}</span>
      <TextButton look="link" onPress={() => viewer.do({ type: "resetLabelColors", column: name })}>
        Reset all
      </TextButton>
    </p>
  );
}
