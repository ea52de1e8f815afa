// Gene sets as files: cellxgene's CSV in and out, and GMT in. Read in the page, so that it works for guests too.

import { cleanName, MAX_NAME } from "../../state/geneSets";
import type { GeneSet } from "../../state/state";

export const MAX_BYTES = 8_000_000; // as the server's
const HEADER = ["gene_set_name", "gene_set_description", "gene_symbol", "gene_description"];
const MAX_SETS = 10_000;

/** The sets in a file; throws an Error of one sentence when there are none to be found. */
export function parseSets(text: string): GeneSet[] {
  const first = /^(?!#)[^\r\n]*\S[^\r\n]*/m.exec(text)?.[0];
  if (first === undefined) throw new Error("The file is empty.");
  const separator = [",", ";", "\t"].find((mark) => isHeader(split(first, mark)));
  if (separator !== undefined) return checked(fromTable(rowsOf(text, separator)));
  const sets = first.split("\t").length >= 3 ? fromGmt(text) : null;
  if (sets) return checked(sets);
  throw new Error(
    `The file has no gene sets: a CSV begins with the line ${HEADER.join(",")}, and a GMT has a name, a description and genes on each line, apart by tabs.`,
  );
}

export function formatSets(sets: readonly GeneSet[]): string {
  const rows = sets.flatMap(({ name, description, genes, about }) =>
    genes.length === 0
      ? [[name, description, "", ""]]
      : genes.map((gene) => [name, description, gene, about[gene] ?? ""]),
  );
  return [HEADER, ...rows].map((row) => `${row.map(quoted).join(",")}\r\n`).join("");
}

/** UTF-8, or what a byte order mark says. */
export function decodeText(bytes: Uint8Array): string {
  const encoding =
    bytes[0] === 0xff && bytes[1] === 0xfe
      ? "utf-16le"
      : bytes[0] === 0xfe && bytes[1] === 0xff
        ? "utf-16be"
        : "utf-8";
  const text = new TextDecoder(encoding).decode(bytes); // takes the mark off
  if (text.includes("\0")) throw new Error("The file is not text.");
  return text;
}

const isHeader = (cells: string[]): boolean =>
  HEADER.slice(0, 3).every((name, i) => cells[i]?.trim().toLowerCase() === name);

function checked(sets: GeneSet[]): GeneSet[] {
  if (sets.length === 0) throw new Error("The file has a header and no gene set.");
  if (sets.length > MAX_SETS)
    throw new Error(`The file has ${sets.length} gene sets; ${MAX_SETS} are the most.`);
  return sets;
}

function fromTable(rows: string[][]): GeneSet[] {
  const sets = new Map<string, GeneSet>();
  const names = new Map<string, string>(); // as they stand there → as they are kept
  for (const [name = "", description = "", gene = "", about = ""] of rows.slice(1)) {
    const clean = names.get(name) ?? nameOf(name);
    names.set(name, clean);
    if (clean === "") continue;
    const set = sets.get(clean) ?? { name: clean, description: "", genes: [], about: {} };
    sets.set(clean, set);
    set.description ||= description.trim();
    const symbol = gene.trim();
    if (symbol === "") continue;
    set.genes.push(symbol);
    if (about.trim() !== "") set.about[symbol] = about.trim();
  }
  return [...sets.values()];
}

/** Lines of a set's name, a description or address, and its genes; null when they are something else. */
function fromGmt(text: string): GeneSet[] | null {
  const lines = text.split(/[\r\n]+/).filter((line) => line.trim() !== "" && !line.startsWith("#"));
  const rows = lines.map((line) => line.split("\t").map((cell) => cell.trim()));
  if (rows.some((row) => row.length < 3)) return null;
  return rows.map(([name = "", description = "", ...genes]) => ({
    name: nameOf(name) || "Gene set",
    description,
    genes: genes.filter(Boolean),
    about: {},
  }));
}

const nameOf = (text: string): string => cleanName(text).slice(0, MAX_NAME);

const split = (line: string, mark: string): string[] => rowsOf(line, mark)[0] ?? [];

/** Rows of a table of texts; quoted cells may have separators, line ends and doubled quotes in them. */
function rowsOf(text: string, mark: string): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  let at = 0;
  const endRow = () => {
    if (row.some((cell) => cell.trim() !== "")) rows.push(row);
    row = [];
  };
  while (at < text.length) {
    if (row.length === 0 && text[at] === "#") {
      at = lineEnd(text, at) + 1;
      continue;
    }
    const [cell, end] = text[at] === '"' ? quotedCell(text, at, mark) : plainCell(text, at, mark);
    row.push(cell);
    at = end + 1;
    if (text[end] === mark) {
      if (at >= text.length) row.push("");
      continue;
    }
    if (text[end] === "\r" && text[end + 1] === "\n") at += 1;
    endRow();
  }
  endRow();
  return rows;
}

function plainCell(text: string, from: number, mark: string): [string, number] {
  let end = from;
  for (let letter = text[end]; letter !== undefined; letter = text[++end]) {
    if (letter === mark || letter === "\n" || letter === "\r") break;
  }
  return [text.slice(from, end), end];
}

function quotedCell(text: string, from: number, mark: string): [string, number] {
  let cell = "";
  let at = from + 1;
  for (;;) {
    const quote = text.indexOf('"', at);
    if (quote < 0) return [cell + text.slice(at), text.length];
    cell += text.slice(at, quote);
    if (text[quote + 1] !== '"') {
      const [rest, end] = plainCell(text, quote + 1, mark);
      return [cell + rest, end];
    }
    cell += '"';
    at = quote + 2;
  }
}

function lineEnd(text: string, from: number): number {
  const end = text.indexOf("\n", from);
  return end < 0 ? text.length : end;
}

const quoted = (cell: string): string => (/[",\r\n#]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell);
