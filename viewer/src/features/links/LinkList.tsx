import { useState } from "react";
import { formatDay } from "../../lib/format";
import type { LinkDoc } from "../../state/viewer";
import { TextButton } from "../../ui/Button";
import styles from "./links.module.css";

interface Props {
  links: LinkDoc[];
  isDisabled: boolean;
  onRevoke(id: string): void;
}

/** The links that are valid; nothing here can open one. */
export function LinkList({ links, isDisabled, onRevoke }: Props) {
  // Revoking cannot be taken back, so it takes two presses.
  const [doomed, setDoomed] = useState<string | null>(null);
  if (links.length === 0) return <p className={styles.hint}>No links to this dataset yet.</p>;
  return (
    <ul className={styles.list} aria-label="Links to this dataset">
      {links.map(({ id, note, created, expires }) => (
        <li key={id} className={styles.link}>
          <span className={styles.note} title={note}>
            {note || `Made ${formatDay(created)}`}
          </span>
          <span className={styles.until}>until {formatDay(expires)}</span>
          <TextButton
            look="link"
            isDisabled={isDisabled}
            aria-label={`${doomed === id ? "Really revoke" : "Revoke"} ${note || "this link"}`}
            onPress={() => (doomed === id ? onRevoke(id) : setDoomed(id))}
            onBlur={() => setDoomed(null)}
          >
            {doomed === id ? "Really?" : "Revoke"}
          </TextButton>
        </li>
      ))}
    </ul>
  );
}
