import { Check, Minus } from "lucide-react";
import type { ReactNode } from "react";
import { Checkbox } from "react-aria-components";
import { classNames } from "./classNames";
import styles from "./controls.module.css";

interface Props {
  label?: string;
  state: "all" | "some" | "none";
  onChange(): void;
  className?: string;
  children?: ReactNode;
}

/** A tri-state box; what is inside it also toggles it. */
export function TickBox({ label, state, onChange, className, children }: Props) {
  return (
    <Checkbox
      aria-label={label}
      className={classNames(styles.checkbox, className)}
      isSelected={state === "all"}
      isIndeterminate={state === "some"}
      onChange={onChange}
    >
      <span className={styles.box} aria-hidden>
        {state === "all" && <Check />}
        {state === "some" && <Minus />}
      </span>
      {children}
    </Checkbox>
  );
}
