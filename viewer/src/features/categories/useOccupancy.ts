import { useMemo } from "react";
import { sourceKey } from "../../data/keys";
import type { CategoricalColumn, LoadedColumn } from "../../state/viewer";
import { usePointColors } from "../useColors";
import { useColumn } from "../useViewer";
import { type Occupancy, occupancy } from "./occupancy";

/** The occupancy of a column's categories under the current color, unless they are that color. */
export function useOccupancy(name: string, column: CategoricalColumn): Occupancy | null {
  const { by } = usePointColors();
  const own = !by || (by.kind === "obs" && by.name === name);
  const colored: LoadedColumn | undefined = useColumn(own ? null : sourceKey(by)).column;
  return useMemo(
    () => (colored && colored.kind !== "embedding" ? occupancy(column, colored) : null),
    [column, colored],
  );
}
