import { type PointerEvent, useEffect, useMemo, useRef, useState } from "react";
import { formatCount, formatNumber } from "../../lib/format";
import type { Results } from "../../state/viewer";
import { useSize } from "../../ui/useSize";
import styles from "./compare.module.css";
import { drawVolcano } from "./drawVolcano";
import { changeOf, type RowFilter } from "./rows";
import { type Frame, nearestRow, rowsInside, toX, toY, volcanoPoints } from "./volcano";
import { statText } from "./words";

interface Props {
  results: Results;
  passing: Uint32Array; // rows that pass the filters
  brushed: ReadonlySet<number> | null;
  filter: RowFilter;
  colored: string | null;
  pointed: string | null;
  onBrush(rows: ReadonlySet<number> | null): void;
  onColor(row: number): void;
  onPoint(gene: string | null): void;
}

type Place = readonly [x: number, y: number];

const MARGIN = { left: 48, right: 10, top: 10, bottom: 34 };
const NEAR = 10; // CSS pixels
const A_DRAG = 4;

/** All genes by change and p. Dragging chooses those inside, a click colors; the table says the same to who cannot see. */
export function Volcano(props: Props) {
  const { results, passing, brushed, filter, colored, pointed, onBrush, onColor, onPoint } = props;
  const box = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const size = useSize(box);
  const theme = useThemeName();
  const points = useMemo(() => volcanoPoints(results), [results]);
  const [drag, setDrag] = useState<{ from: Place; to: Place } | null>(null);
  const frame: Frame = {
    left: MARGIN.left,
    top: MARGIN.top,
    width: Math.max(10, (size?.width ?? 0) - MARGIN.left - MARGIN.right),
    height: Math.max(10, (size?.height ?? 0) - MARGIN.top - MARGIN.bottom),
  };
  const rowOf = useMemo(() => new Map(results.genes.map((gene, row) => [gene, row])), [results]);
  const change = results.numbers.log2_fold_change ? "log₂ fold change" : "difference of the means";

  // biome-ignore lint/correctness/useExhaustiveDependencies: the frame follows from the size; the theme from the page
  useEffect(() => {
    if (canvas.current && size && points) {
      drawVolcano(canvas.current, size, {
        points,
        frame,
        genes: results.genes,
        passing,
        brushed,
        marked: colored === null ? null : (rowOf.get(colored) ?? null),
        thresholds: { change: filter.change, p: filter.p },
        labels: { x: change, y: "−log₁₀ adjusted p" },
      });
    }
  }, [points, size, passing, brushed, filter.change, filter.p, colored, theme, change]);

  if (!points) return null;
  const place = (event: PointerEvent): Place => {
    const { left, top } = event.currentTarget.getBoundingClientRect();
    return [event.clientX - left, event.clientY - top];
  };
  const down = (event: PointerEvent): void => {
    if (event.button !== 0) return;
    event.currentTarget.setPointerCapture(event.pointerId);
    setDrag({ from: place(event), to: place(event) });
  };
  const move = (event: PointerEvent): void => {
    const at = place(event);
    if (drag) setDrag({ from: drag.from, to: at });
    else {
      const row = nearestRow(points, frame, passing, at, NEAR);
      onPoint(row === null ? null : results.genes[row]!);
    }
  };
  const up = (event: PointerEvent): void => {
    if (!drag) return;
    setDrag(null);
    const at = place(event);
    if (Math.hypot(at[0] - drag.from[0], at[1] - drag.from[1]) >= A_DRAG) {
      const rows = rowsInside(points, frame, passing, drag.from, at);
      onBrush(rows.size > 0 ? rows : null);
      return;
    }
    const row = nearestRow(points, frame, passing, at, NEAR);
    if (row === null) onBrush(null);
    else onColor(row);
  };
  const row = pointed === null ? undefined : rowOf.get(pointed);
  const hovered = row !== undefined && !Number.isNaN(points.x[row]! + points.y[row]!) ? row : null;

  return (
    <div ref={box} className={styles.volcano}>
      <canvas
        ref={canvas}
        role="img"
        aria-label={volcanoWords(results, passing, change)}
        onPointerDown={down}
        onPointerMove={move}
        onPointerUp={up}
        onPointerCancel={() => setDrag(null)}
        onPointerLeave={() => onPoint(null)}
      />
      {drag && <div className={styles.brush} style={between(drag.from, drag.to)} />}
      {hovered !== null && !drag && (
        <GeneTip
          results={results}
          row={hovered}
          x={toX(points, frame, points.x[hovered]!)}
          y={toY(points, frame, points.y[hovered]!)}
          width={size?.width ?? 0}
        />
      )}
    </div>
  );
}

function GeneTip({
  results,
  row,
  x,
  y,
  width,
}: {
  results: Results;
  row: number;
  x: number;
  y: number;
  width: number;
}) {
  const change = changeOf(results)?.[row] ?? Number.NaN;
  const right = x > width / 2;
  return (
    <>
      <span className={styles.ring} style={{ left: x, top: y }} />
      <div
        className={styles.tip}
        style={right ? { right: width - x + 10, top: y } : { left: x + 10, top: y }}
      >
        <b>{results.genes[row]}</b> {formatNumber(change)}, p adj.{" "}
        {statText("p_adjusted", results.numbers.p_adjusted?.[row] ?? Number.NaN)}
      </div>
    </>
  );
}

function volcanoWords(results: Results, passing: Uint32Array, change: string): string {
  const values = changeOf(results);
  let up = 0;
  let down = 0;
  for (const row of passing) {
    if (values && values[row]! > 0) up++;
    else if (values && values[row]! < 0) down++;
  }
  return `Volcano plot of adjusted p by ${change}: ${formatCount(up)} genes higher in A, ${formatCount(down)} lower. The table has the same genes.`;
}

const between = (a: Place, b: Place) => ({
  left: Math.min(a[0], b[0]),
  top: Math.min(a[1], b[1]),
  width: Math.abs(a[0] - b[0]),
  height: Math.abs(a[1] - b[1]),
});

const themeName = (): string => document.documentElement.dataset.theme ?? "";

/** A canvas does not follow the tokens by itself. */
function useThemeName(): string {
  const [name, setName] = useState(themeName);
  useEffect(() => {
    const observer = new MutationObserver(() => setName(themeName()));
    observer.observe(document.documentElement, { attributes: true, attributeFilter: ["data-theme"] });
    return () => observer.disconnect();
  }, []);
  return name;
}
