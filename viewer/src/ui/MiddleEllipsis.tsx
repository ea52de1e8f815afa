import { useLayoutEffect, useRef, useState } from "react";
import { classNames } from "./classNames";
import styles from "./controls.module.css";
import { fitMiddle } from "./fitMiddle";
import { useSize } from "./useSize";

/**
 * Text that loses its middle when there is no room, with the whole of it as a tooltip. What holds it must
 * carry the text as its label.
 */
export function MiddleEllipsis({ text, className }: { text: string; className?: string }) {
  const box = useRef<HTMLSpanElement>(null);
  const whole = useRef<HTMLSpanElement>(null);
  const room = useSize(box)?.width ?? 0;
  const [cut, setCut] = useState<string | null>(null);

  useLayoutEffect(() => {
    if (!whole.current) return;
    const needed = whole.current.getBoundingClientRect().width;
    setCut(needed <= room + 0.5 ? null : fitMiddle(text, room, penOf(whole.current)));
  }, [text, room]);

  return (
    <span
      ref={box}
      className={classNames(styles.middle, className)}
      data-cut={cut !== null}
      title={text}
      aria-hidden
    >
      {/* stays, also when it cannot be seen: the room that there is depends on it */}
      <span ref={whole} className={styles.whole}>
        {text}
      </span>
      {/* drawn by the stylesheet: as text it would be a label that is not in the control's name */}
      {cut !== null && <span className={styles.cut} data-text={cut} />}
    </span>
  );
}

/** Widths in CSS pixels of texts in the font of an element. */
function penOf(element: Element): (text: string) => number {
  const pen = document.createElement("canvas").getContext("2d");
  if (!pen) return (text) => 8 * text.length;
  pen.font = getComputedStyle(element).font;
  return (text) => pen.measureText(text).width;
}
