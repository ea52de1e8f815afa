import { useEffect, useState } from "react";
import type { GeneIndex } from "../state/viewer";
import { useViewer } from "./useViewer";

/** The gene names; the component renders again once they are loaded. */
export function useGenes(): GeneIndex {
  const viewer = useViewer();
  const [, setReady] = useState(viewer.genes.ready);
  useEffect(() => {
    let here = true;
    const done = (): void => {
      if (here) setReady(true);
    };
    viewer.genes.load().then(done, (error: Error) => viewer.notify(error.message));
    return () => {
      here = false;
    };
  }, [viewer]);
  return viewer.genes;
}
