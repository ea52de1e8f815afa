import { classNames } from "./classNames";
import styles from "./controls.module.css";

const TAIL = 7; // characters that always stay: names of clusters differ at their end

/**
 * Text that is cut in its middle when there is no room, with the whole of it as a tooltip. It stands in two
 * pieces, so what holds it must carry the text as its label.
 */
export function MiddleEllipsis({ text, className }: { text: string; className?: string }) {
  let cut = text.length > 2 * TAIL ? text.length - TAIL : text.length;
  if (text[cut] === " ") cut += 1; // no gap after the dots
  return (
    <span className={classNames(styles.middle, className)} title={text} aria-hidden>
      <span className={styles.head}>{text.slice(0, cut)}</span>
      {cut < text.length && <span className={styles.tail}>{text.slice(cut)}</span>}
    </span>
  );
}
