import { type KeyboardEvent, type ReactNode, useRef, useState } from "react";
import { flushSync } from "react-dom";
import styles from "./windowed.module.css";

interface Props<T> {
  label: string;
  items: readonly T[];
  rowHeight: number;
  /** The list scrolls by itself beyond this height. */
  maxHeight: number;
  keyOf(item: T): string;
  children(item: T): ReactNode;
}

const OVERSCAN = 6; // rows drawn beyond each edge

/** A list of rows of one height that draws only those in sight; up and down walk through the rows. */
export function Windowed<T>({ label, items, rowHeight, maxHeight, keyOf, children }: Props<T>) {
  const scroller = useRef<HTMLDivElement>(null);
  const [top, setTop] = useState(0);

  const height = items.length * rowHeight;
  const viewport = Math.min(height, maxHeight);
  const offset = Math.min(top, height - viewport); // the list may have become shorter
  const first = Math.max(0, Math.floor(offset / rowHeight) - OVERSCAN);
  const last = Math.min(items.length, Math.ceil((offset + viewport) / rowHeight) + OVERSCAN);

  const walk = (event: KeyboardEvent): void => {
    const step = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
    const row = (event.target as Element).closest<HTMLElement>("[data-row]");
    const list = scroller.current;
    if (!step || !row || !list) return;
    const next = Number(row.dataset.row) + step;
    if (next < 0 || next >= items.length) return;
    event.preventDefault();
    const edge = Math.max(
      next * rowHeight - viewport + rowHeight,
      Math.min(list.scrollTop, next * rowHeight),
    );
    flushSync(() => {
      list.scrollTop = edge;
      setTop(edge);
    });
    list.querySelector<HTMLElement>(`[data-row="${next}"] :is(input, button)`)?.focus();
  };

  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the keys are of the rows inside
    <div
      ref={scroller}
      className={styles.scroller}
      style={{ height: viewport }}
      onScroll={(event) => setTop(event.currentTarget.scrollTop)}
      onKeyDown={walk}
    >
      {/* biome-ignore lint/a11y/useSemanticElements: rows are placed, not flowed */}
      <div role="list" aria-label={label} style={{ height, position: "relative" }}>
        {items.slice(first, last).map((item, i) => (
          // biome-ignore lint/a11y/useSemanticElements: as above
          <div
            key={keyOf(item)}
            role="listitem"
            aria-setsize={items.length}
            aria-posinset={first + i + 1}
            data-row={first + i}
            className={styles.row}
            style={{ height: rowHeight, top: (first + i) * rowHeight }}
          >
            {children(item)}
          </div>
        ))}
      </div>
    </div>
  );
}
