import { useState } from "react";
import { formatCount } from "../../lib/format";
import { TextButton } from "../../ui/Button";
import styles from "./info.module.css";

const SHOWN = 24; // names before "show all": a dataset may have thousands of columns

/** Names side by side, each whole. */
export function NameList({ names }: { names: readonly string[] }) {
  const [all, setAll] = useState(false);
  if (names.length === 0) return <span className={styles.quiet}>none</span>;
  const shown = all || names.length <= SHOWN + 1 ? names : names.slice(0, SHOWN);
  return (
    <ul className={styles.names}>
      {shown.map((name) => (
        <li key={name}>
          <bdi>{name}</bdi>
        </li>
      ))}
      {shown.length < names.length && (
        <li>
          <TextButton look="link" onPress={() => setAll(true)}>
            and {formatCount(names.length - shown.length)} more
          </TextButton>
        </li>
      )}
    </ul>
  );
}
