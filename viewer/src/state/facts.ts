// What the dataset says of itself in uns, asked for once somebody wants to read it.

import { json } from "../api/answers";
import type { Client } from "../api/client";
import type { FactsDoc } from "../api/types";

export type { FactsDoc };

/** Asked again only after a failure: a dataset's facts stay as they are. */
export function createFacts(client: Client): () => Promise<FactsDoc> {
  let known: Promise<FactsDoc> | null = null;
  return () => {
    known ??= client.ask("facts").then(
      (answer) => json<FactsDoc>(answer),
      (error: unknown) => {
        known = null;
        throw error;
      },
    );
    return known;
  };
}
