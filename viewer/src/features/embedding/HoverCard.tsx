import { useEffect, useState } from "react";
import { sourceKey } from "../../data/keys";
import { formatNumber } from "../../lib/format";
import { classNames } from "../../ui/classNames";
import { useColumn, useView, useViewer } from "../useViewer";
import styles from "./embedding.module.css";

interface Props {
  cell: number;
  /** Of the cell, in CSS pixels. */
  at: readonly [number, number];
  width: number;
  height: number;
}

const GAP = 12; // CSS pixels between the point and the card
const CARD = { width: 230, height: 52 }; // room to keep at the plot's edges

/** Whose point the pointer is on, and its value of what colors the points. */
export function HoverCard({ cell, at, width, height }: Props) {
  const name = useCellName(cell);
  const color = useView((view) => view.color);
  const { column } = useColumn(color && sourceKey(color));
  const left = at[0] + CARD.width + GAP > width;
  const up = at[1] + CARD.height + GAP > height;
  const style = {
    left: at[0] + (left ? -GAP : GAP),
    top: at[1] + (up ? -GAP : GAP),
    transform: `translate(${left ? "-100%" : "0"}, ${up ? "-100%" : "0"})`,
  };
  let value: string | null = null;
  if (column?.kind === "categorical") value = column.categories[column.codes[cell] ?? -1] ?? "(missing)";
  else if (column?.kind === "continuous") value = formatNumber(column.values[cell] ?? Number.NaN);

  return (
    <div className={styles.card} style={style} role="status">
      <span className={styles.cell}>{name ?? "…"}</span>
      {color && value !== null && (
        <span className={styles.value}>
          <span className={classNames(styles.valueName, color.kind === "gene" && styles.italic)}>
            {color.name}
          </span>
          {value}
        </span>
      )}
    </div>
  );
}

function useCellName(cell: number): string | null {
  const viewer = useViewer();
  const [known, setKnown] = useState<{ cell: number; name: string } | null>(null);
  useEffect(() => {
    let here = true;
    viewer.names([cell]).then(
      ([name]) => here && name !== undefined && setKnown({ cell, name }),
      () => {}, // the card shows the value without the name
    );
    return () => {
      here = false;
    };
  }, [viewer, cell]);
  return known?.cell === cell ? known.name : null;
}
