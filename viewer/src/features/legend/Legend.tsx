import { sourceKey } from "../../data/keys";
import { usePointColors } from "../useColors";
import { useApp, useColumn, useView } from "../useViewer";
import { CategoryLegend } from "./CategoryLegend";
import { ColorBar } from "./ColorBar";

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
  const drawable = useApp((state) => state.dataset?.embeddings.length !== 0);
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
