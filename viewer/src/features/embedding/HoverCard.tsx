import { useEffect, useState } from "react";
import { sourceKey } from "../../data/keys";
import { formatNumber } from "../../lib/format";
import type { ColorBy } from "../../state/state";
import { classNames } from "../../ui/classNames";
import { sameColor, useColumn, useView, useViewer } from "../useViewer";
import styles from "./embedding.module.css";

interface Props {
  cell: number;
  /** Of the cell, in CSS pixels. */
  at: readonly [number, number];
  width: number;
  height: number;
}

const GAP = 12; // CSS pixels between the point and the card
const CARD = { width: 230, name: 32, line: 18 }; // room to keep at the plot's edges

/** Whose point the pointer is on, its value of what colors the points, and of the columns that were chosen. */
export function HoverCard({ cell, at, width, height }: Props) {
  const name = useCellName(cell);
  const color = useView((view) => view.color);
  const chosen = useView((view) => view.hoverColumns);
  const shown = [...(color ? [color] : []), ...chosen.filter((by) => !sameColor(by, color))];
  const left = at[0] + CARD.width + GAP > width;
  const up = at[1] + CARD.name + shown.length * CARD.line + GAP > height;
  const style = {
    left: at[0] + (left ? -GAP : GAP),
    top: at[1] + (up ? -GAP : GAP),
    transform: `translate(${left ? "-100%" : "0"}, ${up ? "-100%" : "0"})`,
  };
  return (
    <div className={styles.card} style={style} role="status">
      <span className={styles.cell}>{name ?? "…"}</span>
      {shown.map((by) => (
        <CellValue key={sourceKey(by)} by={by} cell={cell} />
      ))}
    </div>
  );
}

function CellValue({ by, cell }: { by: ColorBy; cell: number }) {
  const { column } = useColumn(sourceKey(by));
  let value: string | null = null;
  if (column?.kind === "categorical") value = column.categories[column.codes[cell] ?? -1] ?? "(missing)";
  else if (column?.kind === "continuous") value = formatNumber(column.values[cell] ?? Number.NaN);
  if (value === null) return null;
  return (
    <span className={styles.value}>
      <span className={classNames(styles.valueName, by.kind === "gene" && styles.italic)}>{by.name}</span>
      {value}
    </span>
  );
}

function useCellName(cell: number): string | null {
  const viewer = useViewer();
  const [known, setKnown] = useState<{ cell: number; name: string } | null>(null);
  useEffect(() => {
    let here = true;
    viewer.names([cell]).then(
      ([name]) => here && name !== undefined && setKnown({ cell, name }),
      () => {}, // the card shows the values without the name
    );
    return () => {
      here = false;
    };
  }, [viewer, cell]);
  return known?.cell === cell ? known.name : null;
}
