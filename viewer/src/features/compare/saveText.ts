/** Hands the user a file. */
export function saveText(name: string, text: string, type = "text/csv"): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([text], { type: `${type};charset=utf-8` }));
  link.download = name.replace(/[\\/:*?"<>|\p{Cc}]+/gu, "_").slice(0, 150);
  link.click();
  // Not at once: a browser may not have begun to read.
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}
