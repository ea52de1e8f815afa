import { type ReactNode, useEffect, useRef, useState } from "react";
import { withRegion } from "../../state/filters";
import { BusyLine } from "../../ui/BusyLine";
import { classNames } from "../../ui/classNames";
import { useApp, useTransient, useTransientStore, useView } from "../useViewer";
import { CentroidLabels } from "./CentroidLabels";
import styles from "./embedding.module.css";
import { Gestures } from "./gestures";
import { HoverCard } from "./HoverCard";
import { type Plot, placeOf } from "./Plot";
import { plotKeys } from "./plotKeys";
import { awaitedBy, type PlotView } from "./plotViews";
import { SelectionOverlay } from "./SelectionOverlay";
import { useKeyRegion } from "./useKeyRegion";
import { usePlot } from "./usePlot";
import { useRegionTool } from "./useRegionTool";

interface Props {
  shown: PlotView;
  theme: string;
  /** What it is, for those who do not see it. */
  label: string;
  className?: string | undefined;
  /** Over the points. */
  children?: ReactNode;
  onPlot?(plot: Plot | null): void;
  /** The wheel was turned over it while the page around scrolls. */
  onWheelPassed?(): void;
}

const REACH = 10; // CSS pixels from the pointer to a point that it is "on"

/** One plot: points, regions, and a card for the point under the pointer. */
export function PlotBox({ shown, theme, label, className, children, onPlot, onWheelPassed }: Props) {
  const box = useRef<HTMLDivElement>(null);
  const transient = useTransientStore();
  const plot = usePlot(box, theme, shown);
  const region = useRegionTool(plot);
  const { drawing, onDrawing, onDrawn } = region;
  const keys = useKeyRegion(plot, region);
  const { giveUp } = keys;
  const [here, setHere] = useState(false); // the pointer is over this plot
  const hovered = useTransient((state) => state.hovered);
  const tool = useView((view) => view.tool);
  const named = useView((view) => view.centroids);
  const awaited = useApp((state) => awaitedBy(shown, state));
  const hasPlace = useApp((state) => shown.embedding(state) !== null);

  useEffect(() => onPlot?.(plot), [plot, onPlot]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another tool draws another region
  useEffect(giveUp, [tool, giveUp]);

  useEffect(() => {
    const element = box.current;
    if (!plot || !element) return;
    const pointAt = (px: number, py: number): number => plot.pointAt(px, py, REACH);
    const hover = (cell: number): void => {
      setHere(cell >= 0);
      if (cell !== transient.getState().hovered) transient.setState({ hovered: cell });
    };
    const gestures = new Gestures(element, {
      tool: () => plot.viewer.store.getState().view.tool,
      camera: () => plot.camera,
      size: () => plot,
      moveTo: (camera) => plot.setCamera(camera),
      drawing: onDrawing,
      drawn: onDrawn,
      hover: (point) => hover(point ? pointAt(...point) : -1),
      // In a notebook, a plain wheel zooms once the user is in the viewer; else one scrolls past it.
      wheelIsTaken: () => window.parent !== window && !document.hasFocus(),
      wheelPassed: () => onWheelPassed?.(),
      click: (px, py) => {
        if (pointAt(px, py) < 0) clearRegion(plot);
      },
    });
    return () => {
      gestures.dispose();
      hover(-1);
    };
  }, [plot, transient, onDrawing, onDrawn, onWheelPassed]);

  const point = plot && placeOf(plot, hovered);
  return (
    <div
      ref={box}
      className={classNames(styles.plot, className)}
      data-tool={tool}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: arrows move the plot, + and − zoom
      tabIndex={0}
      role="application"
      aria-label={`${label}. Arrow keys move the view${tool === "pan" ? "" : ", Enter draws a rectangle"}.`}
      onKeyDown={(event) => {
        if (keys.onKey(event)) event.preventDefault();
        else if (plot) plotKeys(event, plot);
      }}
      onPointerDownCapture={giveUp}
      onBlur={(event) => event.relatedTarget && giveUp()}
    >
      {plot && hasPlace && <SelectionOverlay plot={plot} drawing={drawing} hovered={hovered} />}
      {plot && hasPlace && named && <CentroidLabels plot={plot} />}
      {plot && here && point && !drawing && (
        <HoverCard
          cell={hovered}
          at={plot.projection.toScreen(...point)}
          width={plot.width}
          height={plot.height}
        />
      )}
      <BusyLine label={awaited === null ? null : `Loading ${awaited}`} />
      {keys.keyed && (
        <p className={styles.keyHint} aria-hidden>
          <kbd>Arrows</kbd> move <kbd>Shift</kbd> size <kbd>Enter</kbd> take <kbd>Esc</kbd> give up
        </p>
      )}
      <span role="status" className={styles.hidden}>
        {keys.said}
      </span>
      {children}
    </div>
  );
}

/** A click on nothing gives up the region of this embedding, as a lasso around nothing does. */
function clearRegion({ viewer, shown }: Plot): void {
  const state = viewer.store.getState();
  const embedding = shown.embedding(state);
  if (embedding === null) return;
  const step = { mode: "replace", shape: "lasso", points: [] } as const;
  const empty = { ...step, points: [...step.points] };
  if (withRegion(state.view.filters, embedding, empty).length === state.view.filters.length) return;
  viewer.do({ type: "region", embedding, step: empty });
}
