import { useState } from "react";
import { TextButton } from "../../ui/Button";
import styles from "./selecting.module.css";

interface Props {
  label: string;
  placeholder?: string;
  initial?: string;
  /** What the button says about what is typed. */
  action(name: string): string;
  onDone(name: string): void;
}

/** A name, and a button that takes it; Enter does the same. No form: the viewer's sandbox sends none. */
export function NameField({ label, placeholder, initial = "", action, onDone }: Props) {
  const [name, setName] = useState(initial);
  const done = (): void => {
    if (name.trim() === "") return;
    onDone(name);
    setName("");
  };
  return (
    <div className={styles.form}>
      <input
        className={styles.field}
        aria-label={label}
        placeholder={placeholder}
        maxLength={200}
        value={name}
        // biome-ignore lint/a11y/noAutofocus: it stands in a dialog that was just opened
        autoFocus
        onChange={(event) => setName(event.target.value)}
        onKeyDown={(event) => event.key === "Enter" && done()}
      />
      <TextButton look="primary" isDisabled={name.trim() === ""} onPress={done}>
        {action(name.trim())}
      </TextButton>
    </div>
  );
}
