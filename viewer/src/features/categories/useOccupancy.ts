import { useMemo } from "react";
import { sourceKey } from "../../data/keys";
import type { CategoricalColumn, LoadedColumn } from "../../state/viewer";
import { usePointColors } from "../useColors";
import { useColumn, useCounts } from "../useViewer";
import { type Occupancy, occupancy } from "./occupancy";

/** The occupancy of a column's categories under the current color, unless they are that color. */
export function useOccupancy(name: string, column: CategoricalColumn): Occupancy | null {
  const { by } = usePointColors();
  const own = !by || (by.kind === "obs" && by.name === name);
  const colored: LoadedColumn | undefined = useColumn(own ? null : sourceKey(by)).column;
  const inside = useCounts().inside();
  return useMemo(
    () => (colored && colored.kind !== "embedding" ? occupancy(column, colored, inside) : null),
    [column, colored, inside],
  );
}
