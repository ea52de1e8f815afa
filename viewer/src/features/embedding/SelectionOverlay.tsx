import { useSyncExternalStore } from "react";
import type { Projection } from "../../lib/camera";
import type { RegionStep } from "../../state/state";
import { classNames } from "../../ui/classNames";
import { useApp, useView } from "../useViewer";
import styles from "./embedding.module.css";
import type { Drawing } from "./gestures";
import { type Plot, placeOf } from "./Plot";

interface Props {
  plot: Plot;
  drawing: Drawing | null;
  /** The cell under a pointer, in this plot or another; -1: none. */
  hovered: number;
}

/** Over the points: the regions of this embedding, the one being drawn, and a ring around a hovered point. */
export function SelectionOverlay({ plot, drawing, hovered }: Props) {
  useSyncExternalStore(plot.onMoved, () => plot.embedding);
  const camera = useSyncExternalStore(plot.onMoved, () => plot.camera);
  useSyncExternalStore(plot.onMoved, () => `${plot.width}×${plot.height}`);
  const embedding = useApp(plot.shown.embedding);
  const region = useView((view) =>
    view.filters.find((filter) => filter.kind === "region" && filter.embedding === embedding),
  );
  const { projection } = plot;
  const steps = region?.kind === "region" && !drawing ? region.steps : [];
  const point = placeOf(plot, hovered);
  const ring = point && projection.toScreen(...point);

  return (
    <svg className={styles.overlay} aria-hidden data-zoom={camera.zoom}>
      {steps.map((step, i) => (
        <path key={String(i)} className={pathClass(step.mode)} d={stepPath(step, projection)} />
      ))}
      {drawing && (
        <path className={classNames(pathClass(drawing.mode), styles.live)} d={drawingPath(drawing)} />
      )}
      {ring && <circle className={styles.ring} cx={ring[0]} cy={ring[1]} r={6} />}
    </svg>
  );
}

const pathClass = (mode: RegionStep["mode"]): string =>
  classNames(styles.region, mode === "subtract" && styles.subtract);

function stepPath({ shape, points }: RegionStep, { toScreen }: Projection): string {
  const screen = points.map(([x, y]) => toScreen(x, y));
  return shape === "lasso" ? polygon(screen) : rectangle(screen);
}

const drawingPath = ({ shape, points }: Drawing): string =>
  shape === "lasso" ? polygon(points) : rectangle(points);

type Screen = readonly (readonly [number, number])[];

const polygon = (points: Screen): string =>
  points.length < 2 ? "" : `M${points.map(([x, y]) => `${x.toFixed(1)} ${y.toFixed(1)}`).join("L")}Z`;

function rectangle([a, b]: Screen): string {
  return a && b ? `M${a[0]} ${a[1]}H${b[0]}V${b[1]}H${a[0]}Z` : "";
}
