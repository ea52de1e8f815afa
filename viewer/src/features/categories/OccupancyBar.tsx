import { MiniHistogram } from "../../ui/MiniHistogram";
import styles from "./categories.module.css";
import { type Occupancy, stripes } from "./occupancy";
import type { CategoryItem } from "./order";

interface Props {
  item: CategoryItem;
  /** The largest category of the column: the full width. */
  most: number;
  occupancy: Occupancy | null;
  /** Row of `occupancy`. */
  row: number;
  colors: readonly string[];
  swatch: string | null;
}

export const BAR_WIDTH = 44;
const BAR_HEIGHT = 12;

/** How the category's cells spread over the colors; without other colors, how many it has. */
export function OccupancyBar({ item, most, occupancy, row, colors, swatch }: Props) {
  if (!occupancy) {
    const part = (count: number): string => `${most > 0 ? (100 * count) / most : 0}%`;
    return (
      <span className={styles.bar} data-ink aria-hidden>
        <span className={styles.barTotal} style={{ width: part(item.total) }} />
        <span
          className={styles.barSelected}
          style={{ width: part(item.selected), background: swatch ?? undefined }}
        />
      </span>
    );
  }
  const counts = occupancy.counts.subarray(row * occupancy.width, (row + 1) * occupancy.width);
  if (occupancy.kind === "composition") {
    return (
      <span className={styles.bar} data-ink style={{ background: stripes(counts, colors) }} aria-hidden />
    );
  }
  return (
    <span className={styles.bar} data-ink data-plain aria-hidden>
      <MiniHistogram total={counts} selected={null} width={BAR_WIDTH} height={BAR_HEIGHT} />
    </span>
  );
}
