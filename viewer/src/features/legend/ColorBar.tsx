import { axisBottom } from "d3-axis";
import { scaleLinear } from "d3-scale";
import { select } from "d3-selection";
import { useEffect, useId, useMemo, useRef } from "react";
import { endSign, formatCount, formatNumber } from "../../lib/format";
import type { ColorBy } from "../../state/state";
import type { ContinuousColumn } from "../../state/viewer";
import { classNames } from "../../ui/classNames";
import { RangeHandles } from "../../ui/RangeHandles";
import { type Range, useBrush } from "../../ui/useBrush";
import { sourceText } from "../sourceText";
import { gradientStops, usePointColors } from "../useColors";
import { sameColor, useView, useViewer } from "../useViewer";
import styles from "./legend.module.css";
import { NumberColors } from "./NumberColors";
import { useSide } from "./useSide";

interface Props {
  source: ColorBy;
  column: ContinuousColumn;
  width: number;
}

const BAR = 12; // CSS pixels
const MARGIN = 8;

/** What the colors of numbers mean. A brush on the bar filters the cells by their value. */
export function ColorBar({ source, column, width }: Props) {
  const viewer = useViewer();
  const gradient = useId();
  const axis = useRef<SVGGElement>(null);
  const brush = useRef<SVGGElement>(null);
  const box = useRef<HTMLElement>(null);
  const side = useSide(box);
  const { palette, domain, shown, cut } = usePointColors();
  const [low, high] = shown ?? [column.min, column.max];
  const stops = useMemo(
    () => (domain ? gradientStops(palette, domain, [low, high]) : []),
    [palette, domain, low, high],
  );
  const filter = useView((view) =>
    view.filters.find((entry) => entry.kind === "range" && sameColor(entry.source, source)),
  );
  const range = useMemo<Range | null>(
    () => (filter?.kind === "range" ? [filter.min, filter.max] : null),
    [filter],
  );
  const scale = useMemo(
    () =>
      scaleLinear()
        .domain([low, high])
        .range([MARGIN, width - MARGIN])
        .clamp(true), // a filter may reach beyond what the bar spans
    [low, high, width],
  );
  // The end of a bar that is cut stands for all beyond it.
  const whole = ([from, to]: Range): Range => [
    cut[0] && from <= (column.integer ? Math.ceil(low) : low) ? column.min : from,
    cut[1] && to >= (column.integer ? Math.floor(high) : high) ? column.max : to,
  ];

  const rangeAction = ([min, max]: Range) => ({ type: "setRange", source, min, max }) as const;
  const onChange = (next: Range | null): void => {
    viewer.preview(null);
    if (next) viewer.do(rangeAction(whole(next)));
    else if (filter) viewer.do({ type: "clearRange", source });
  };
  const onPreview = (next: Range | null): void => viewer.preview(next && rangeAction(whole(next)));

  const brushed = { scale, domain: [low, high] as const, height: BAR, range, integer: column.integer };
  useBrush(brush, { ...brushed, onPreview, onChange });
  useEffect(() => {
    if (!axis.current) return;
    const ticks = axisBottom(scale)
      .tickValues(barTicks(low, high, width - 2 * MARGIN, cut))
      .tickSize(4)
      .tickPadding(2)
      .tickFormat((value) => barLabel(Number(value), [low, high], cut));
    select(axis.current).call(ticks);
  }, [scale, low, high, cut, width]);

  return (
    <figure
      className={styles.legend}
      ref={box}
      data-kind="numbers"
      data-side={side}
      data-over-plot
      aria-label={`Colors of ${source.name}`}
    >
      <figcaption className={styles.caption}>
        <span
          className={classNames(styles.title, source.kind === "gene" && styles.italic)}
          title={sourceText(source)}
        >
          {sourceText(source)}
        </span>
        {column.missing > 0 && (
          <span className={styles.missing}>
            <i className={styles.missingSwatch} /> {formatCount(column.missing)} missing
          </span>
        )}
        <NumberColors source={source} column={column} />
      </figcaption>
      {/* biome-ignore lint/a11y/useSemanticElements: a fieldset cannot be drawn in */}
      <svg width={width} height={BAR + 20} className={styles.colorBar} role="group" aria-label="Color bar">
        <linearGradient id={gradient}>
          {stops.map((color, i) => (
            <stop key={String(i)} offset={i / (stops.length - 1)} stopColor={color} />
          ))}
        </linearGradient>
        <rect x={MARGIN} width={width - 2 * MARGIN} height={BAR} rx={2} fill={`url(#${gradient})`} />
        <g ref={axis} className={styles.axis} transform={`translate(0 ${BAR})`} aria-hidden />
        <g ref={brush} className={styles.brush} aria-hidden />
        {range && (
          <RangeHandles
            {...brushed}
            label={source.name}
            range={range}
            onPreview={onPreview}
            onChange={onChange}
          />
        )}
      </svg>
    </figure>
  );
}

const CHARACTER = 7; // CSS pixels, generously

type Cut = readonly [low: boolean, high: boolean];

/** "≥ 4.2" at an end beyond which there are values. */
export const barLabel = (value: number, [low, high]: Range, cut: Cut): string =>
  endSign(cut, value === low ? 0 : value === high ? 1 : 0.5) + formatNumber(value);

/** Both ends, and round numbers between them whose labels stay clear of those of the ends. */
export function barTicks(min: number, max: number, width: number, cut: Cut = [false, false]): number[] {
  const room = (value: number): number => barLabel(value, [min, max], cut).length * CHARACTER;
  const pixels = scaleLinear().domain([min, max]).range([0, width]);
  const between = pixels.ticks(3).filter((tick) => {
    const at = pixels(tick);
    return at - room(tick) / 2 > room(min) && at + room(tick) / 2 < width - room(max);
  });
  return [min, ...between, max];
}
