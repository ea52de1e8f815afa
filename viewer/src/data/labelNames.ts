// What annotations and labels may be called: any script, one line, as long as the server takes it.

export const MAX_NAME = 250; // characters, as annotating_edits.py and annotating.py have it

/** As it is kept: without blanks around, composed, so that what looks alike is alike. */
export const cleanName = (typed: string): string => typed.replace(/\s+/g, " ").trim().normalize("NFC");

/** Why a cleaned name cannot be used, as one sentence; null when it can. */
export function nameProblem(name: string, what: "label" | "annotation"): string | null {
  if (name === "") return `Give the ${what} a name.`;
  const length = Array.from(name).length;
  if (length > MAX_NAME) {
    return `The name of ${what === "label" ? "a label" : "an annotation"} has at most ${MAX_NAME} characters; this one has ${length}.`;
  }
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is refused
  if (/[\u0000-\u001f\u007f\u2028\u2029]/.test(name) || !isWhole(name)) {
    return "The name has characters that cannot be shown.";
  }
  return null;
}

/** Not cut in the middle of a character. */
function isWhole(name: string): boolean {
  return !/[\ud800-\udfff]/u.test(name);
}
