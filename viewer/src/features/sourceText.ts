import type { Source } from "../state/state";

/** What colors or filters, in few words: of a set also what its numbers are. */
export function sourceText(source: Source): string {
  if (source.kind !== "set") return source.name;
  return `${source.name}, ${source.method === "mean" ? "mean" : "score"}`;
}
