import { useEffect, useState } from "react";
import type { RankingDoc } from "../../api/types";
import { useApp, useViewer } from "../useViewer";

/** What the dataset has of scanpy's rankings; none until that is known. */
export function useRankings(): RankingDoc[] {
  const viewer = useViewer();
  const ready = useApp((state) => state.dataset !== null);
  const [rankings, setRankings] = useState<RankingDoc[]>([]);
  useEffect(() => {
    if (!ready) return;
    let here = true;
    viewer.comparisons.rankings().then(
      (found) => here && setRankings(found),
      () => undefined, // nothing is missing that anybody asked for
    );
    return () => {
      here = false;
    };
  }, [viewer, ready]);
  return rankings;
}
