import { ToggleButton } from "react-aria-components";
import { Tip } from "../../ui/Button";
import { useView, useViewer } from "../useViewer";
import styles from "./genes.module.css";

/** "x" and "y": the axes of the plot of two genes against each other. */
export function AxisButtons({ gene, label }: { gene: string; label: string }) {
  const viewer = useViewer();
  const scatter = useView((view) => view.scatter);
  return (["x", "y"] as const).map((axis) => {
    const on = scatter[axis] === gene;
    const hint = on ? `Take ${label} off the ${axis} axis` : `Plot ${label} on the ${axis} axis`;
    return (
      <Tip key={axis} label={hint} placement="left">
        <ToggleButton
          className={styles.axis}
          aria-label={hint}
          isSelected={on}
          onChange={(chosen) => viewer.do({ type: "setScatter", axis, gene: chosen ? gene : null })}
        >
          {axis}
        </ToggleButton>
      </Tip>
    );
  });
}
