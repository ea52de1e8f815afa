import { axisBottom, axisLeft } from "d3-axis";
import { scaleLinear } from "d3-scale";
import { select } from "d3-selection";
import { useEffect, useRef, useSyncExternalStore } from "react";
import { axisValue } from "../../data/scatter";
import { formatNumber } from "../../lib/format";
import type { ContinuousColumn } from "../../state/viewer";
import type { Plot } from "./Plot";
import styles from "./scatter.module.css";

/** CSS pixels beside the points. */
export const AXIS = { left: 34, bottom: 18 };

interface Props {
  plot: Plot;
  x: ContinuousColumn;
  y: ContinuousColumn;
  width: number;
  height: number;
}

/** The numbers beside a scatter plot; they follow its camera. */
export function Axes({ plot, x, y, width, height }: Props) {
  const bottom = useRef<SVGGElement>(null);
  const left = useRef<SVGGElement>(null);
  const camera = useSyncExternalStore(plot.onMoved, () => plot.camera);

  // biome-ignore lint/correctness/useExhaustiveDependencies: the projection is that of the camera
  useEffect(() => {
    const { toData } = plot.projection;
    const [x0, y1] = toData(0, 0);
    const [x1, y0] = toData(width, height);
    const across = scaleLinear([axisValue(x0, x), axisValue(x1, x)], [0, width]);
    const up = scaleLinear([axisValue(y0, y), axisValue(y1, y)], [height, 0]);
    const label = (value: number | { valueOf(): number }) => formatNumber(Number(value));
    if (bottom.current)
      select(bottom.current).call(axisBottom(across).ticks(4).tickSize(3).tickFormat(label));
    if (left.current) select(left.current).call(axisLeft(up).ticks(4).tickSize(3).tickFormat(label));
  }, [plot, camera, x, y, width, height]);

  return (
    <svg className={styles.frame} width={width + AXIS.left} height={height + AXIS.bottom} aria-hidden>
      <g ref={bottom} className={styles.axis} transform={`translate(${AXIS.left} ${height})`} />
      <g ref={left} className={styles.axis} transform={`translate(${AXIS.left} 0)`} />
    </svg>
  );
}
