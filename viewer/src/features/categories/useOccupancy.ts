import { useMemo } from "react";
import { sourceKey } from "../../data/keys";
import type { CategoricalColumn, LoadedColumn } from "../../state/viewer";
import { useColumn, useView } from "../useViewer";
import { type Occupancy, occupancy } from "./occupancy";

/** The occupancy of a column's categories under the current color, unless they are that color. */
export function useOccupancy(name: string, column: CategoricalColumn): Occupancy | null {
  const color = useView((view) => view.color);
  const own = !color || (color.kind === "obs" && color.name === name);
  const colored: LoadedColumn | undefined = useColumn(own ? null : sourceKey(color)).column;
  return useMemo(
    () => (colored && colored.kind !== "embedding" ? occupancy(column, colored) : null),
    [column, colored],
  );
}
