import { useMemo } from "react";
import type { RankingDoc } from "../../api/types";
import { type Asked, useAsked } from "../useAsked";
import { useApp, useViewer } from "../useViewer";

/** What the dataset has of scanpy's rankings. */
export function useRankings(): Asked<RankingDoc[]> {
  const viewer = useViewer();
  const ready = useApp((state) => state.dataset !== null);
  const ask = useMemo(() => (ready ? () => viewer.comparisons.rankings() : null), [viewer, ready]);
  return useAsked(ask);
}
