import { type ReactNode, useId, useState } from "react";
import styles from "./figures.module.css";

interface ChoiceProps {
  label: string;
  value: string;
  options: readonly { value: string; label: string }[];
  onChange(value: string): void;
}

/** One of a few: the browser's own list, which works everywhere and by keyboard. */
export function Choice({ label, value, options, onChange }: ChoiceProps) {
  const id = useId();
  return (
    <div className={styles.field}>
      <label htmlFor={id}>{label}</label>
      <select id={id} value={value} onChange={(event) => onChange(event.target.value)}>
        {options.map((option) => (
          <option key={option.value} value={option.value}>
            {option.label}
          </option>
        ))}
      </select>
    </div>
  );
}

interface BoxProps {
  checked: boolean;
  onChange(checked: boolean): void;
  children: ReactNode;
}

export function Box({ checked, onChange, children }: BoxProps) {
  return (
    <label className={styles.box}>
      <input type="checkbox" checked={checked} onChange={(event) => onChange(event.target.checked)} />
      <span>{children}</span>
    </label>
  );
}

interface AmountProps {
  label: string;
  value: number | null; // null: empty
  least: number;
  most: number;
  empty?: string; // what an empty field means; without it the field needs a number
  onChange(value: number | null): void;
}

/** A number; what makes no sense is said beside it, stays as it was typed, and changes nothing. */
export function Amount({ label, value, least, most, empty, onChange }: AmountProps) {
  const id = useId();
  const [typed, setTyped] = useState<string | null>(null);
  const text = typed ?? (value === null ? "" : String(value));
  const problem = typed !== null && problemOf(typed, least, most, empty !== undefined);
  return (
    <div className={styles.field}>
      <label htmlFor={id}>{label}</label>
      <input
        id={id}
        inputMode="decimal"
        value={text}
        placeholder={empty}
        aria-invalid={Boolean(problem)}
        aria-describedby={problem ? `${id}-problem` : undefined}
        onChange={(event) => {
          const given = event.target.value;
          setTyped(given);
          if (!problemOf(given, least, most, empty !== undefined)) onChange(numberOf(given));
        }}
        onBlur={() => !problem && setTyped(null)}
      />
      {problem && (
        <small id={`${id}-problem`} className={styles.problem}>
          {problem}
        </small>
      )}
    </div>
  );
}

/** A comma is a decimal point too; empty is null. */
export const numberOf = (typed: string): number | null =>
  typed.trim() === "" ? null : Number(typed.trim().replace(",", "."));

export function problemOf(typed: string, least: number, most: number, mayBeEmpty: boolean): string | null {
  const number = numberOf(typed);
  if (number === null) return mayBeEmpty ? null : `A number from ${least} to ${most}.`;
  return number >= least && number <= most ? null : `A number from ${least} to ${most}.`;
}
