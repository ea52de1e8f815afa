// Which var column holds the genes' second names: symbols beside ids, or ids beside symbols.

const SYMBOLS = [
  "feature_name",
  "gene_symbols",
  "gene_symbol",
  "symbol",
  "symbols",
  "gene_name",
  "gene_names",
  "gene_short_name",
  "hgnc_symbol",
];
const IDS = ["gene_ids", "gene_id", "ensembl_id", "ensembl_ids", "ensembl", "ensembl_gene_id", "feature_id"];
const ENSEMBL = /^ENS[A-Z]*G\d{6,}(\.\d+)?$/;

/** The column of second names, and whether those are the ones that people say; null when there is none. */
export function otherNames(
  names: readonly string[],
  columns: readonly string[],
): { column: string; areSymbols: boolean } | null {
  const sample = names.slice(0, 20);
  const areIds = sample.length > 0 && sample.filter((name) => ENSEMBL.test(name)).length * 2 > sample.length;
  const wanted = areIds ? SYMBOLS : IDS;
  const column = wanted.map((name) => columns.find((other) => other.toLowerCase() === name)).find(Boolean);
  return column === undefined ? null : { column, areSymbols: areIds };
}
