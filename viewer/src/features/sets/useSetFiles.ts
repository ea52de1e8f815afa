import { useRef, useState } from "react";
import type { Viewer } from "../../state/viewer";
import { resolveGenes } from "../genes/geneList";
import { useViewer } from "../useViewer";
import type { Import } from "./ImportCard";
import { decodeText, formatSets, MAX_BYTES, parseSets } from "./setFiles";

export interface SetFiles {
  found: Import | null;
  problem: string | null;
  /** The name of the file that is being read. */
  reading: string | null;
  /** Reads once more what could not be read. */
  again(): void;
  read(file: File): Promise<void>;
  /** Downloads all sets. */
  write(): void;
  done(): void;
}

/** Gene sets from a file and to one. */
export function useSetFiles(): SetFiles {
  const viewer = useViewer();
  const [found, setFound] = useState<Import | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const [reading, setReading] = useState<string | null>(null);
  const last = useRef<File | null>(null); // what an earlier one holds is not asked for any more
  const read = async (file: File): Promise<void> => {
    last.current = file;
    setFound(null);
    setProblem(null);
    setReading(file.name);
    try {
      const sets = await readFile(file, viewer);
      if (last.current === file) setFound(sets);
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      if (last.current === file) setProblem(`${file.name}: ${message}`);
    }
    if (last.current === file) setReading(null);
  };
  return {
    found,
    problem,
    reading,
    read,
    again: () => {
      if (last.current) void read(last.current);
    },
    write() {
      const { sets, dataset } = viewer.store.getState();
      const stem = (dataset?.title ?? "dataset").replace(/\.[^.]*$/, "").replace(/[^\p{L}\p{N}._-]+/gu, "-");
      download(formatSets(sets.list), `${stem}-gene-sets.csv`);
    },
    done() {
      setFound(null);
      setProblem(null);
    },
  };
}

async function readFile(file: File, { genes }: Viewer): Promise<Import> {
  if (file.size > MAX_BYTES) {
    throw new Error(
      `it has ${Math.ceil(file.size / 1e6)} MB, and a file of gene sets at most ${MAX_BYTES / 1e6}.`,
    );
  }
  const parsed = parseSets(decodeText(new Uint8Array(await file.arrayBuffer())));
  await genes.load();
  const unknown = new Map<string, string[]>();
  const sets = parsed.map((set) => {
    const { found, unknown: missing } = resolveGenes(set.genes, genes);
    if (missing.length > 0) unknown.set(set.name, missing);
    const about = Object.entries(set.about).flatMap(([symbol, text]) => {
      const gene = genes.lookup(symbol);
      return gene === undefined ? [] : [[gene, text]];
    });
    return { ...set, genes: found, about: Object.fromEntries(about) as Record<string, string> };
  });
  return { file: file.name, sets, unknown };
}

function download(text: string, name: string): void {
  const url = URL.createObjectURL(new Blob([text], { type: "text/csv;charset=utf-8" }));
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000); // by then it has begun
}
