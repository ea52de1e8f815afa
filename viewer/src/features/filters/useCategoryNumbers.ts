import { obsKey } from "../../data/keys";
import { useApp, useViewer } from "../useViewer";

/** How many categories a column has, as far as that is known. */
export function useCategoryNumbers(): (column: string) => number | undefined {
  const viewer = useViewer();
  const dataset = useApp((state) => state.dataset);
  return (column) => {
    const loaded = viewer.columns.get(obsKey(column));
    if (loaded?.kind === "categorical") return loaded.categories.length + (loaded.missing > 0 ? 1 : 0);
    return dataset?.obs.find(({ name }) => name === column)?.categories?.length;
  };
}
