import { X } from "lucide-react";
import { type KeyboardEvent, useEffect, useState } from "react";
import { Button } from "react-aria-components";
import { formatNumber } from "../lib/format";
import styles from "./histogram.module.css";
import type { Range } from "./useBrush";

interface Props {
  label: string;
  domain: Range;
  range: Range | null;
  integer: boolean;
  onChange(range: Range | null): void;
}

/** The two ends of a range as text: shows them, and takes typed ones. */
export function RangeFields({ label, domain, range, integer, onChange }: Props) {
  const [low, high] = range ?? domain;
  const set = (min: number, max: number): void => {
    const ordered: Range = min <= max ? [min, max] : [max, min];
    const all = ordered[0] <= domain[0] && ordered[1] >= domain[1];
    onChange(all ? null : ordered);
  };
  return (
    <div className={styles.fields}>
      <Field label={`${label}, from`} value={low} integer={integer} onCommit={(min) => set(min, high)} />
      <span aria-hidden>–</span>
      <Field label={`${label}, to`} value={high} integer={integer} onCommit={(max) => set(low, max)} />
      {range && (
        <Button
          className={styles.clear}
          aria-label={`Clear the range of ${label}`}
          onPress={() => onChange(null)}
        >
          <X />
        </Button>
      )}
    </div>
  );
}

interface FieldProps {
  label: string;
  value: number;
  integer: boolean;
  onCommit(value: number): void;
}

function Field({ label, value, integer, onCommit }: FieldProps) {
  const shown = formatNumber(value);
  const [text, setText] = useState(shown);
  useEffect(() => setText(shown), [shown]);

  const commit = (): void => {
    if (text === shown) return;
    const typed = parseTyped(text);
    if (!Number.isFinite(typed)) setText(shown);
    else onCommit(integer ? Math.round(typed) : typed);
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key === "Enter") commit();
    if (event.key === "Escape" && text !== shown) {
      event.stopPropagation();
      setText(shown);
    }
  };

  return (
    <input
      className={styles.field}
      aria-label={label}
      inputMode="decimal"
      size={Math.max(text.length, 3)}
      value={text}
      onChange={(event) => setText(event.target.value)}
      onFocus={(event) => event.target.select()}
      onBlur={commit}
      onKeyDown={onKeyDown}
    />
  );
}

/** What people type or copy: thin spaces, a real minus, a decimal comma. */
export function parseTyped(text: string): number {
  const plain = text.replace(/\s/g, "").replaceAll("\u2212", "-").replace(",", ".");
  return plain === "" ? Number.NaN : Number(plain);
}
