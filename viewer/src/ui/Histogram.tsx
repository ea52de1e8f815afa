import { axisBottom } from "d3-axis";
import { type ScaleLinear, scaleLinear } from "d3-scale";
import { select } from "d3-selection";
import { useEffect, useId, useMemo, useRef, useState } from "react";
import { ToggleButton } from "react-aria-components";
import { formatNumber } from "../lib/format";
import { barsPath, isSkewed, largest } from "./bars";
import styles from "./histogram.module.css";
import { RangeFields } from "./RangeFields";
import { RangeHandles } from "./RangeHandles";
import { type Range, useBrush } from "./useBrush";
import { useSize } from "./useSize";

interface Props {
  /** What is counted, for screen readers: "n_genes". */
  label: string;
  /** One more than there are bins, ascending. */
  edges: ArrayLike<number>;
  /** Smallest and largest value. */
  domain: Range;
  total: ArrayLike<number>;
  /** The part of `total` that is selected; null: all of it. */
  selected: ArrayLike<number> | null;
  range: Range | null;
  integer: boolean;
  /** CSS colors from the lowest to the highest value, when the points are colored by this. */
  ramp?: readonly string[];
  /** Heights are logarithmic at first when one bar dwarfs the others. */
  logFirst?: boolean;
  onPreview(range: Range | null): void;
  onChange(range: Range | null): void;
}

const PLOT = 56; // CSS pixels, of the bars
const AXIS = 20;
const MARGIN = 6; // so that handles and end labels are not cut

/** A histogram with a brush; its range can also be typed, or moved with the arrow keys. */
export function Histogram(props: Props) {
  const box = useRef<HTMLDivElement>(null);
  const size = useSize(box);
  const width = size?.width ?? 0;
  const [chosen, setChosen] = useState<boolean | null>(null);
  const skewed = useMemo(() => isSkewed(props.total), [props.total]);
  const log = chosen ?? (skewed && props.logFirst === true);
  const first = props.edges[0] ?? 0;
  const last = props.edges[props.edges.length - 1] ?? 1;
  const scale = useMemo(
    () =>
      scaleLinear()
        .domain([first, last])
        .range([MARGIN, Math.max(width - MARGIN, MARGIN + 1)]),
    [first, last, width],
  );

  return (
    <div ref={box} className={styles.histogram}>
      {width > 0 && <Plot {...props} scale={scale} width={width} log={log} />}
      <div className={styles.footer}>
        <RangeFields
          label={props.label}
          domain={props.domain}
          range={props.range}
          integer={props.integer}
          onChange={props.onChange}
        />
        {(skewed || chosen !== null) && (
          <ToggleButton
            className={styles.log}
            isSelected={log}
            onChange={setChosen}
            aria-label="log scale of the heights"
          >
            log
          </ToggleButton>
        )}
      </div>
    </div>
  );
}

type PlotProps = Props & { scale: ScaleLinear<number, number>; width: number; log: boolean };

function Plot(props: PlotProps) {
  const { scale, width, total, selected, ramp } = props;
  const gradient = useId();
  const axis = useRef<SVGGElement>(null);
  const brush = useRef<SVGGElement>(null);
  const most = useMemo(() => largest(total), [total]);
  const inner = width - 2 * MARGIN;
  const heights = props.log ? "log" : "linear";

  useEffect(() => {
    if (!axis.current) return;
    const ticks = axisBottom(scale)
      .tickValues(axisTicks(scale, width))
      .tickSize(3)
      .tickPadding(3)
      .tickFormat((value) => formatNumber(Number(value)));
    select(axis.current).call(ticks);
  }, [scale, width]);

  useBrush(brush, { ...props, height: PLOT });

  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset cannot be drawn in
    <svg className={styles.plot} width={width} height={PLOT + AXIS} role="group" aria-label={props.label}>
      {ramp && (
        <linearGradient id={gradient} gradientUnits="userSpaceOnUse" x1={0} x2={inner}>
          {ramp.map((color, i) => (
            <stop key={String(i)} offset={i / (ramp.length - 1)} stopColor={color} />
          ))}
        </linearGradient>
      )}
      <g transform={`translate(${MARGIN} 0)`} aria-hidden>
        <path className={styles.total} d={barsPath(total, most, heights, inner, PLOT)} />
        <path
          className={styles.selected}
          style={ramp && { fill: `url(#${gradient})` }}
          d={barsPath(selected ?? total, most, heights, inner, PLOT)}
        />
      </g>
      <g ref={axis} className={styles.axis} transform={`translate(0 ${PLOT})`} aria-hidden />
      <g ref={brush} className={styles.brush} aria-hidden />
      {props.range && (
        <RangeHandles
          label={props.label}
          scale={scale}
          domain={props.domain}
          height={PLOT}
          range={props.range}
          integer={props.integer}
          onPreview={props.onPreview}
          onChange={props.onChange}
        />
      )}
    </svg>
  );
}

const DIGIT = 6.6; // CSS pixels of an axis label's character

/** Round numbers whose labels are not cut at the ends of the axis. */
export function axisTicks(scale: ScaleLinear<number, number>, width: number): number[] {
  return scale.ticks(4).filter((tick) => {
    const half = (formatNumber(tick).length * DIGIT) / 2;
    return scale(tick) - half >= 0 && scale(tick) + half <= width;
  });
}
