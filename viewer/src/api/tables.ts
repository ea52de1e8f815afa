// A table of an Arrow stream with what is said about it as a whole.

import { type Column, tableFromIPC } from "@uwdata/flechette";
import type { Answer } from "./answers";
import { Undecodable } from "./errors";

export interface ArrowTable {
  columns: Map<string, Column<unknown>>;
  about: Map<string, string>;
}

export function arrowTable(answer: Answer): ArrowTable {
  const bytes = answer.bytes.byteOffset % 8 === 0 ? answer.bytes : answer.bytes.slice();
  try {
    const table = tableFromIPC(bytes);
    const columns = table.names.map(
      (name, i) => [String(name), table.getChildAt(i) as Column<unknown>] as const,
    );
    return { columns: new Map(columns), about: table.schema.metadata ?? new Map() };
  } catch (cause) {
    throw new Undecodable("it is not an Arrow stream", { cause });
  }
}
