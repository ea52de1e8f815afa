import type { ReactNode } from "react";
import { sourceKey } from "../../data/keys";
import { Problem } from "../../ui/Problem";
import { usePointColors } from "../useColors";
import { useApp, useColumn, useView } from "../useViewer";
import { CategoryLegend } from "./CategoryLegend";
import { ColorBar } from "./ColorBar";
import styles from "./legend.module.css";

interface Props {
  /** The cells sidebar can be seen: its open lists are the legend of categories. */
  sidebarShown: boolean;
  /** The list of colors is open at first. */
  startOpen: boolean;
  /** CSS pixels that the color bar may take. */
  width: number;
  onMore(column: string): void;
}

/** What the colors mean. */
export function Legend({ sidebarShown, startOpen, width, onMore }: Props) {
  const { by: color } = usePointColors(); // the old one until the new colors are here
  const listed = useView((view) => color?.kind === "obs" && view.expanded.includes(color.name));
  const { column } = useColumn(color && sourceKey(color));
  const failed = useFailure(sidebarShown);
  const drawable = useApp((state) => state.dataset?.embeddings.length !== 0);
  if (failed) return failed;
  if (!color || !column || !drawable) return null;
  if (column.kind === "continuous") {
    return column.max > column.min ? <ColorBar source={color} column={column} width={width} /> : null;
  }
  if (column.kind !== "categorical" || (sidebarShown && listed)) return null;
  return (
    <CategoryLegend
      key={color.name}
      name={color.name}
      column={column}
      startOpen={startOpen && !sidebarShown}
      onMore={() => onMore(color.name)}
    />
  );
}

/** What is to color the points and could not be loaded, said where its legend would be. */
function useFailure(sidebarShown: boolean): ReactNode {
  const wanted = useView((view) => view.color);
  const { error, retry } = useColumn(wanted && sourceKey(wanted));
  if (error === null || (sidebarShown && wanted?.kind === "obs")) return null; // its list says it
  return (
    <div className={styles.legend} data-side="left" data-over-plot>
      <Problem message={error} onRetry={retry} />
    </div>
  );
}
