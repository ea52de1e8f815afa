// Graphs of neighboring cells (obsp): which there are, and whom one connects with the selection.

import { json } from "../api/answers";
import type { Client } from "../api/client";
import { fromBase64, toBase64 } from "../lib/base64";
import { packBits } from "../lib/bitset";

export interface Neighbors {
  /** Names of the graphs; asked for once they are wanted, and again while there are none. */
  graphs(): Promise<string[]>;
  /** The cells of a mask and their neighbors, packed. */
  of(graph: string, mask: Uint8Array): Promise<{ bits: Uint8Array; count: number }>;
}

export function createNeighbors(client: Client): Neighbors {
  let known: Promise<string[]> | null = null;
  const ask = async (): Promise<string[]> => {
    const { graphs } = json<{ graphs: string[] }>(await client.ask("graphs"));
    if (graphs.length === 0) known = null;
    return graphs;
  };
  return {
    graphs() {
      known ??= ask().catch((error: unknown) => {
        known = null;
        throw error;
      });
      return known;
    },
    async of(graph, mask) {
      const of = { cells: toBase64(packBits(mask)) };
      const { cells, count } = await client.call<{ cells: string; count: number }>("POST", "neighbors", {
        graph,
        of,
      });
      return { bits: fromBase64(cells), count };
    },
  };
}
