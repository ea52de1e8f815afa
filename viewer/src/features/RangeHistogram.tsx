import { useMemo } from "react";
import type { Source } from "../state/state";
import type { ContinuousColumn } from "../state/viewer";
import { Histogram } from "../ui/Histogram";
import type { Range } from "../ui/useBrush";
import { gradientStops, usePointColors } from "./useColors";
import { sameColor, useCounts, useView, useViewer } from "./useViewer";

interface Props {
  source: Source;
  label: string;
  column: ContinuousColumn;
}

/** The histogram of a numeric column or gene; its brush is the range filter. */
export function RangeHistogram({ source, label, column }: Props) {
  const viewer = useViewer();
  const counts = useCounts().histogram(source);
  const filter = useView((view) =>
    view.filters.find((entry) => entry.kind === "range" && sameColor(entry.source, source)),
  );
  const { palette, by, domain } = usePointColors();
  const stops = useMemo(
    () =>
      domain && sameColor(by, source) ? gradientStops(palette, domain, [column.min, column.max]) : undefined,
    [by, source, domain, palette, column],
  );
  const range = useMemo<Range | null>(
    () => (filter?.kind === "range" ? [filter.min, filter.max] : null),
    [filter],
  );
  if (!counts) return null;

  const onChange = (next: Range | null): void => {
    viewer.preview(null);
    if (next) viewer.do({ type: "setRange", source, min: next[0], max: next[1] });
    else if (filter) viewer.do({ type: "clearRange", source });
  };
  const onPreview = (next: Range | null): void =>
    viewer.preview(
      next ? { type: "setRange", source, min: next[0], max: next[1] } : { type: "clearRange", source },
    );

  return (
    <Histogram
      label={label}
      edges={counts.edges}
      domain={[counts.range.min, counts.range.max]}
      total={counts.total}
      selected={counts.selected}
      range={range}
      integer={column.integer}
      ramp={stops}
      logFirst={source.kind === "gene"} // zero in most cells
      onPreview={onPreview}
      onChange={onChange}
    />
  );
}
