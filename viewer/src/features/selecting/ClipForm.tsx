import { useEffect, useState } from "react";
import { validClip } from "../../state/selecting";
import { TextButton } from "../../ui/Button";
import { useView, useViewer } from "../useViewer";
import styles from "./look.module.css";

/** Between which percentiles numbers are shown; what lies outside is gray, in all columns and genes. */
export function ClipForm() {
  const viewer = useViewer();
  const clip = useView((view) => view.clip);
  const [typed, setTyped] = useState<readonly [string, string]>(textOf(clip));
  useEffect(() => setTyped(textOf(clip)), [clip]);
  const wanted = typed.map((text) => Number(text.replace(",", ".").trim() || Number.NaN)) as [number, number];
  const valid = validClip(wanted);
  const changed = wanted[0] !== clip[0] || wanted[1] !== clip[1];
  const set = (low: number, high: number) => viewer.do({ type: "setClip", low, high });
  const submit = (): void => {
    if (valid && changed) set(...wanted);
  };
  const field = (i: 0 | 1, label: string) => (
    <input
      className={styles.number}
      inputMode="decimal"
      aria-label={label}
      aria-invalid={!valid}
      onKeyDown={(event) => event.key === "Enter" && submit()}
      value={typed[i]}
      onChange={(event) =>
        setTyped(i === 0 ? [event.target.value, typed[1]] : [typed[0], event.target.value])
      }
    />
  );
  return (
    <section className={styles.section} aria-label="Clip numbers">
      <h3 className={styles.title}>Clip numbers</h3>
      <div className={styles.line}>
        {field(0, "Lowest percentile shown")}
        <span aria-hidden>to</span>
        {field(1, "Highest percentile shown")}
        <span aria-hidden>%</span>
        <TextButton look="outlined" isDisabled={!valid} onPress={submit}>
          Clip
        </TextButton>
      </div>
      <p className={styles.hint} role="status">
        {valid
          ? "Of every column and gene; values outside are gray and pass no filter."
          : "Two percentiles from 0 to 100, the lower one first."}
      </p>
      <div className={styles.line}>
        <TextButton look="link" onPress={() => set(1, 99)}>
          1 to 99 %
        </TextButton>
        {(clip[0] > 0 || clip[1] < 100) && (
          <TextButton look="link" onPress={() => set(0, 100)}>
            Show all values
          </TextButton>
        )}
      </div>
    </section>
  );
}

const textOf = (clip: readonly [number, number]): readonly [string, string] => [
  String(clip[0]),
  String(clip[1]),
];
