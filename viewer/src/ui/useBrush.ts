import { type BrushBehavior, brushX, type D3BrushEvent } from "d3-brush";
import type { ScaleLinear } from "d3-scale";
import { select } from "d3-selection";
import { type RefObject, useEffect, useRef } from "react";

export type Range = readonly [min: number, max: number];

interface Options {
  scale: ScaleLinear<number, number>; // its domain is that of the data
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

  const { scale, height, range } = options;
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
    // A range may be wider than the data: typed, from Python, or kept from before a subset.
    const within = (value: number): number => Math.min(right, Math.max(left, scale(value)));
    const pixels = range && ([within(range[0]), within(range[1])] as [number, number]);
    brush.current.move(select(group), pixels);
  }, [ref, scale, range, left, right]);
}

function rangeOf(event: D3BrushEvent<unknown>, { scale, integer }: Options): Range | null {
  const pixels = event.selection as [number, number] | null;
  if (!pixels || pixels[1] - pixels[0] < SMALLEST) return null;
  return brushedRange(pixels, scale, integer);
}

/** Pixels → values; whole numbers stay whole, and the edges are exactly those of the data. */
export function brushedRange(
  pixels: readonly [number, number],
  scale: ScaleLinear<number, number>,
  integer: boolean,
): Range | null {
  const [from, to] = scale.domain() as [number, number];
  const [left, right] = scale.range() as [number, number];
  const low = pixels[0] <= left + 0.5 ? from : scale.invert(pixels[0]);
  const high = pixels[1] >= right - 0.5 ? to : scale.invert(pixels[1]);
  const [min, max] = integer ? [Math.ceil(low), Math.floor(high)] : [low, high];
  if (min > max) return [max, max]; // a sliver between two whole numbers: the one at its left
  return [min, max];
}
