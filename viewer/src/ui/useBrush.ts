import { type BrushBehavior, brushX, type D3BrushEvent } from "d3-brush";
import type { ScaleLinear } from "d3-scale";
import { select } from "d3-selection";
import { type RefObject, useEffect, useRef } from "react";

export type Range = readonly [min: number, max: number];

interface Options {
  scale: ScaleLinear<number, number>;
  domain: Range; // of the data; the scale's is wider for whole numbers
  height: number;
  range: Range | null;
  integer: boolean;
  onPreview(range: Range | null): void;
  onChange(range: Range | null): void;
}

const SMALLEST = 3; // CSS pixels; less is a click, which clears

/** A d3 brush on the <g> of `ref`. The brush follows `range` but never while it is being dragged. */
export function useBrush(ref: RefObject<SVGGElement | null>, options: Options): void {
  const latest = useRef(options);
  latest.current = options;
  const brush = useRef<BrushBehavior<unknown> | null>(null);
  const dragging = useRef(false);

  const { scale, height, range, integer } = options;
  const [left, right] = scale.range() as [number, number];

  useEffect(() => {
    const group = ref.current;
    if (!group) return;
    const behavior = brushX<unknown>()
      .extent([
        [left, 0],
        [right, height],
      ])
      .handleSize(10)
      .on("start", (event: D3BrushEvent<unknown>) => {
        if (event.sourceEvent) dragging.current = true;
      })
      .on("brush", (event: D3BrushEvent<unknown>) => {
        if (event.sourceEvent) latest.current.onPreview(rangeOf(event, latest.current));
      })
      .on("end", (event: D3BrushEvent<unknown>) => {
        if (!event.sourceEvent) return;
        dragging.current = false;
        latest.current.onChange(rangeOf(event, latest.current));
      });
    brush.current = behavior;
    select(group).call(behavior);
  }, [ref, left, right, height]);

  useEffect(() => {
    const group = ref.current;
    if (!group || !brush.current || dragging.current) return;
    const ends = range && extent(range, integer);
    brush.current.move(select(group), ends && [within(scale, ends[0]), within(scale, ends[1])]);
  }, [ref, scale, range, integer]);
}

function rangeOf(event: D3BrushEvent<unknown>, { scale, domain, integer }: Options): Range | null {
  const pixels = event.selection as [number, number] | null;
  if (!pixels || pixels[1] - pixels[0] < SMALLEST) return null;
  return brushedRange(pixels, scale, domain, integer);
}

/** What a range covers on the axis: a bar of a whole number lies around it. */
export const extent = ([min, max]: Range, integer: boolean): Range =>
  integer ? [min - 0.5, max + 0.5] : [min, max];

/** Where a value lies, or the end that is nearer: a range may be wider than the data, from before a subset. */
export function within(scale: ScaleLinear<number, number>, value: number): number {
  const [left, right] = scale.range() as [number, number];
  return Math.min(right, Math.max(left, scale(value)));
}

/** Pixels → values; whole numbers stay whole, and the edges are exactly those of the data. */
export function brushedRange(
  pixels: readonly [number, number],
  scale: ScaleLinear<number, number>,
  [from, to]: Range,
  integer: boolean,
): Range | null {
  const [left, right] = scale.range() as [number, number];
  const low = pixels[0] <= left + 0.5 ? from : scale.invert(pixels[0]);
  const high = pixels[1] >= right - 0.5 ? to : scale.invert(pixels[1]);
  if (!integer) return [low, high];
  const [first, last] = [Math.ceil(from), Math.floor(to)];
  const [min, max] = [Math.max(first, Math.ceil(low)), Math.min(last, Math.floor(high))];
  if (min <= max) return [min, max];
  const nearest = Math.min(last, Math.max(first, Math.round((low + high) / 2))); // a sliver of one bar
  return [nearest, nearest];
}
