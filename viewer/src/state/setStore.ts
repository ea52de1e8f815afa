// Gene sets on the server: cellxgene's document, read and replaced as a whole.

import { json } from "../api/answers";
import type { Client } from "../api/client";
import type { GeneSetsDoc } from "../api/types";
import type { GeneSet } from "./state";

const ROUTE = "api/v0.2/genesets";

export interface StoredSets {
  sets: GeneSet[];
  tid: number;
}

export async function readSets(client: Client, signal: AbortSignal): Promise<StoredSets> {
  const { genesets, tid } = json<GeneSetsDoc>(await client.ask("genesets", { signal }));
  const sets = genesets.map(({ geneset_name, geneset_description, genes }) => ({
    name: geneset_name,
    description: geneset_description,
    genes: genes.map(({ gene_symbol }) => gene_symbol),
    about: Object.fromEntries(
      genes.flatMap(({ gene_symbol, gene_description }) =>
        gene_description === "" ? [] : [[gene_symbol, gene_description]],
      ),
    ),
  }));
  return { sets, tid };
}

/** Refused with not_found when somebody else has used the number: then there is something newer to read. */
export async function writeSets(client: Client, { sets, tid }: StoredSets): Promise<void> {
  const genesets = sets.map(({ name, description, genes, about }) => ({
    geneset_name: name,
    geneset_description: description,
    genes: genes.map((gene) => ({ gene_symbol: gene, gene_description: about[gene] ?? "" })),
  }));
  await client.call("PUT", ROUTE, { genesets, tid } satisfies GeneSetsDoc);
}
