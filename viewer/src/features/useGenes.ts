import { useMemo } from "react";
import type { GeneIndex } from "../state/viewer";
import { useAsked } from "./useAsked";
import { useViewer } from "./useViewer";

/** The gene names; the component renders again once they are loaded. */
export function useGenes(): GeneIndex {
  return useGeneNames().genes;
}

interface GeneNames {
  genes: GeneIndex;
  /** Until they are here: what a list of suggestions says of it. */
  awaited: { label: string; error: string | null; retry(): void } | null;
}

/** As `useGenes`, for where one chooses among them. */
export function useGeneNames(): GeneNames {
  const { genes } = useViewer();
  const load = useMemo(() => () => genes.load(), [genes]);
  const { error, retry } = useAsked(load);
  return { genes, awaited: genes.ready ? null : { label: "Loading the gene names", error, retry } };
}
