import type { KeyboardEvent, PointerEvent } from "react";
import styles from "./resizer.module.css";

const STEP = 16; // CSS pixels, of an arrow key

/** The edge of the panel that is dragged, and which way makes it larger. */
type Edge = "left" | "right" | "top";

interface Props {
  edge: Edge;
  label: string;
  /** CSS pixels, as shown. */
  value: number;
  /** What the arrow keys start from, where the shown size is limited by the page. */
  asked?: number;
  least: number;
  most: number;
  onDrag(size: number): void;
  onCommit(size: number): void;
}

/** The edge of a panel that makes it larger or smaller, by pointer or arrow keys. */
export function Resizer({ edge, label, value, asked = value, least, most, onDrag, onCommit }: Props) {
  const vertical = edge !== "top";
  const direction = edge === "right" ? 1 : -1;
  const clamp = (wish: number): number => Math.round(Math.min(most, Math.max(least, wish)));

  const onPointerDown = (event: PointerEvent<HTMLHRElement>): void => {
    const line: HTMLElement = event.currentTarget;
    const at = (other: { clientX: number; clientY: number }) => (vertical ? other.clientX : other.clientY);
    const from = at(event);
    const stop = new AbortController();
    const until = { signal: stop.signal };
    let wish = value;
    line.setPointerCapture(event.pointerId);
    line.addEventListener(
      "pointermove",
      (move) => {
        wish = value + direction * (at(move) - from);
        onDrag(clamp(wish));
      },
      until,
    );
    for (const end of ["pointerup", "pointercancel"]) {
      line.addEventListener(
        end,
        () => {
          stop.abort();
          onCommit(clamp(wish));
        },
        until,
      );
    }
  };

  const onKeyDown = (event: KeyboardEvent): void => {
    const [more, less] = vertical ? ["ArrowRight", "ArrowLeft"] : ["ArrowDown", "ArrowUp"];
    const steps = event.key === more ? 1 : event.key === less ? -1 : 0;
    if (steps === 0) return;
    event.preventDefault();
    onCommit(clamp(asked + direction * steps * STEP));
  };

  return (
    <hr
      className={styles.resizer}
      data-edge={edge}
      tabIndex={0}
      aria-orientation={vertical ? "vertical" : "horizontal"}
      aria-label={label}
      aria-valuenow={Math.round(value)}
      aria-valuemin={least}
      aria-valuemax={most}
      onPointerDown={onPointerDown}
      onKeyDown={onKeyDown}
    />
  );
}
