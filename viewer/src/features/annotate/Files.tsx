import { Download, Upload } from "lucide-react";
import { useId, useRef, useState } from "react";
import { formatCount } from "../../lib/format";
import type { Annotations, LabelsSavedDoc } from "../../state/annotations";
import { BusyLine } from "../../ui/BusyLine";
import { TextButton } from "../../ui/Button";
import { Late } from "../../ui/Late";
import { Problem } from "../../ui/Problem";
import styles from "./annotate.module.css";
import { saveAs } from "./saveAs";

const NAMES = { "annotations.csv": "annotations.csv", backup: "annotations.zip" } as const;

/** Annotations down to files, and up from them. */
export function Files({ annotations }: { annotations: Annotations }) {
  const input = useRef<HTMLInputElement>(null);
  const keepId = useId();
  const [keep, setKeep] = useState(true);
  const [doing, setDoing] = useState<string | null>(null); // with the server
  const busy = doing !== null;
  const [trouble, setTrouble] = useState<{ message: string; again(): void } | null>(null);
  const [report, setReport] = useState<string | null>(null);

  const attempt = async (what: string, work: () => Promise<void>): Promise<void> => {
    setDoing(what);
    setTrouble(null);
    setReport(null);
    try {
      await work();
    } catch (problem) {
      const message = problem instanceof Error ? problem.message : String(problem);
      setTrouble({ message, again: () => void attempt(what, work) });
    } finally {
      setDoing(null);
    }
  };
  const download = (file: keyof typeof NAMES): void =>
    void attempt(`Preparing ${NAMES[file]}`, async () =>
      saveAs(await annotations.download(file), NAMES[file]),
    );
  const upload = (file: File | undefined): void => {
    if (input.current) input.current.value = ""; // the same file again is a change too
    if (!file) return;
    void attempt(`Taking over ${file.name}`, async () =>
      setReport(inWords(file.name, await annotations.upload(file, keep))),
    );
  };
  return (
    <section className={styles.files} aria-label="Files of annotations">
      <BusyLine label={doing} />
      <h2>Files</h2>
      <TextButton look="outlined" isDisabled={busy} onPress={() => download("annotations.csv")}>
        <Download aria-hidden /> Download CSV
      </TextButton>
      <TextButton look="outlined" isDisabled={busy} onPress={() => input.current?.click()}>
        <Upload aria-hidden /> Take over a CSV…
      </TextButton>
      <input
        ref={input}
        className={styles.fileInput}
        type="file"
        accept=".csv,.tsv,.txt,text/csv"
        tabIndex={-1}
        aria-label="CSV file of annotations"
        onChange={(event) => upload(event.target.files?.[0])}
      />
      <label className={styles.choice} htmlFor={keepId}>
        <input
          id={keepId}
          type="checkbox"
          checked={keep}
          onChange={(event) => setKeep(event.target.checked)}
        />
        Keep annotations with other names
      </label>
      <p>One line per cell, matched by its name, as cellxgene and pandas write and read it.</p>
      {doing !== null && (
        <p role="status">
          <Late>{doing}…</Late>
        </p>
      )}
      {trouble && <Problem message={trouble.message} onRetry={trouble.again} />}
      {report && (
        <p className={styles.report} role="status">
          {report}
        </p>
      )}
      <TextButton look="link" isDisabled={busy} onPress={() => download("backup")}>
        Download everything with its history (zip)
      </TextButton>
    </section>
  );
}

/** What of a file has come over, and what has not. */
export function inWords(name: string, saved: LabelsSavedDoc): string {
  const { cells, matched, unknown, unknown_names: names } = saved;
  const parts = [`${name}: ${formatCount(matched)} of ${formatCount(cells)} cells found in it.`];
  if (unknown > 0) {
    const more = unknown > names.length ? ", …" : "";
    const lines = unknown === 1 ? "1 line is" : `${formatCount(unknown)} lines are`;
    parts.push(`${lines} about no cell of this dataset: ${names.join(", ")}${more}.`);
  }
  if (matched < cells) parts.push("All other cells have no label in what came from the file.");
  return parts.join(" ");
}
