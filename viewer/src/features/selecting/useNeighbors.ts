import { useState } from "react";
import { useViewer } from "../useViewer";

interface Graph {
  name: string;
  label: string;
}

interface NeighborTool {
  graphs: Graph[] | null; // null: not known yet
  error: string | null; // why
  running: boolean;
  /** Why they were not found; null: nothing has failed. */
  failed: string | null;
  /** Asks the last question once more, of what is selected now. */
  again(): void;
  forget(): void;
  /** Looks which graphs there are, when somebody is about to choose one. */
  look(): void;
  select(graph: string): Promise<void>;
}

/** Adds to the selection the cells that a graph of obsp connects with it. */
export function useNeighbors(): NeighborTool {
  const viewer = useViewer();
  const [names, setNames] = useState<string[] | null>(null);
  const [error, setError] = useState<string | null>(null);
  const [running, setRunning] = useState(false);
  const [failed, setFailed] = useState<{ graph: string; message: string } | null>(null);
  const several = names !== null && names.length > 1;
  return {
    graphs:
      names?.map((name) => ({
        name,
        label: several ? `Add their neighbors (${name})` : "Add their neighbors",
      })) ?? null,
    error,
    running,
    look: () => {
      setError(null);
      viewer.neighbors.graphs().then(setNames, (problem: unknown) => {
        setError(problem instanceof Error ? problem.message : String(problem));
      });
    },
    failed: failed?.message ?? null,
    again: () => {
      if (failed) void select(failed.graph);
    },
    forget: () => setFailed(null),
    select,
  };

  async function select(graph: string): Promise<void> {
    const asked = viewer.committed();
    setRunning(true);
    setFailed(null);
    try {
      const { bits, count } = await viewer.neighbors.of(graph, viewer.counts.selected());
      const now = viewer.committed();
      if (now.filters !== asked.filters || now.subset !== asked.subset) {
        viewer.notify("The selection has changed meanwhile, so its neighbors were not selected.");
        return;
      }
      const key = `neighbors/${digest(bits)}`; // by content: undo finds the same cells
      viewer.keepCells(key, bits);
      viewer.do({ type: "setFilters", filters: [{ kind: "cells", key, label: "With neighbors", count }] });
    } catch (error) {
      setFailed({ graph, message: error instanceof Error ? error.message : String(error) });
    } finally {
      setRunning(false);
    }
  }
}

/** A short name for bytes (FNV-1a): the page's origin may lack the browser's own hashes. */
function digest(bytes: Uint8Array): string {
  let hash = 0x811c9dc5;
  for (const byte of bytes) hash = Math.imul(hash ^ byte, 0x01000193);
  return `${(hash >>> 0).toString(16)}-${bytes.length}`;
}
