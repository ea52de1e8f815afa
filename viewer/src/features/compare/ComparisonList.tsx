import { X } from "lucide-react";
import { Button } from "react-aria-components";
import { type Comparison, contentOf } from "../../state/comparing";
import type { RunState } from "../../state/viewer";
import { IconButton } from "../../ui/Button";
import { useApp, useView, useViewer } from "../useViewer";
import styles from "./compare.module.css";

/** What has been compared: one click from its table. */
export function ComparisonList() {
  const viewer = useViewer();
  const comparisons = useView((view) => view.comparisons);
  const shown = useView((view) => view.comparing.shown);
  const open = useView((view) => view.dock.tab === "compare");
  const runs = useApp((state) => state.runs);
  if (comparisons.length === 0) return null;

  const show = (comparison: Comparison): void => {
    viewer.do({ type: "setComparing", changes: { shown: [comparison.name] } });
    viewer.do({ type: "setDock", tab: "compare" });
  };
  return (
    <ul className={styles.list} aria-label="Comparisons">
      {comparisons.map((comparison) => (
        <li key={comparison.name} data-shown={open && shown.includes(comparison.name)}>
          <Button className={styles.entry} onPress={() => show(comparison)}>
            <span className={styles.entryName}>{comparison.name}</span>
            <span className={styles.entryState}>{stateWords(runs[contentOf(comparison)])}</span>
          </Button>
          <IconButton
            label={`Remove ${comparison.name}`}
            placement="left"
            onPress={() => viewer.do({ type: "removeComparison", name: comparison.name })}
          >
            <X />
          </IconButton>
        </li>
      ))}
    </ul>
  );
}

function stateWords(run: RunState | undefined): string {
  switch (run?.state) {
    case "queued":
      return "waits";
    case "starting":
      return "…";
    case "running":
      return `${Math.round(100 * run.fraction)} %`;
    case "failed":
      return "failed";
    case "cancelled":
      return "cancelled";
    default:
      return "";
  }
}
