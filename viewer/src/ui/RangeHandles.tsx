import type { ScaleLinear } from "d3-scale";
import { type KeyboardEvent, useRef } from "react";
import { formatNumber } from "../lib/format";
import styles from "./histogram.module.css";
import { extent, type Range, within } from "./useBrush";

interface Props {
  label: string;
  scale: ScaleLinear<number, number>;
  domain: Range;
  height: number;
  range: Range;
  integer: boolean;
  onPreview(range: Range): void;
  onChange(range: Range | null): void;
}

const STEPS: Record<string, number> = {
  ArrowLeft: -1,
  ArrowDown: -1,
  ArrowRight: 1,
  ArrowUp: 1,
  PageDown: -10,
  PageUp: 10,
};

/** The two ends of a brush as sliders: arrows move by a hundredth (or by one), Delete clears. */
export function RangeHandles(props: Props) {
  const { label, scale, height, range, integer, onPreview, onChange } = props;
  const moved = useRef<Range | null>(null);
  const [from, to] = props.domain;

  const onKeyDown = (end: 0 | 1) => (event: KeyboardEvent) => {
    if (event.key === "Delete" || event.key === "Backspace") {
      onChange(null);
      return;
    }
    const next = target(event, end);
    if (next === null) return;
    event.preventDefault();
    event.stopPropagation();
    moved.current = end === 0 ? [Math.min(next, range[1]), range[1]] : [range[0], Math.max(next, range[0])];
    onPreview(moved.current);
  };

  const target = (event: KeyboardEvent, end: 0 | 1): number | null => {
    if (event.key === "Home") return from;
    if (event.key === "End") return to;
    const steps = STEPS[event.key];
    if (!steps) return null;
    const unit = integer ? Math.max(1, Math.round((to - from) / 100)) : (to - from) / 100;
    return Math.min(to, Math.max(from, range[end] + steps * unit * (event.shiftKey ? 10 : 1)));
  };

  // one undo step a press, however long the key repeats
  const commit = (): void => {
    if (moved.current) onChange(moved.current);
    moved.current = null;
  };

  return ([0, 1] as const).map((end) => (
    <rect
      key={end}
      className={styles.handle}
      x={within(scale, extent(range, integer)[end]) - 2.5}
      y={height / 2 - 9}
      width={5}
      height={18}
      rx={2.5}
      tabIndex={0}
      role="slider"
      aria-label={`${label}, ${end === 0 ? "lower" : "upper"} end`}
      aria-valuemin={from}
      aria-valuemax={to}
      aria-valuenow={range[end]}
      aria-valuetext={formatNumber(range[end])}
      onKeyDown={onKeyDown(end)}
      onKeyUp={commit}
      onBlur={commit}
    />
  ));
}
