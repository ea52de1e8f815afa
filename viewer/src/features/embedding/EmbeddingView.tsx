import { type ReactNode, useCallback, useEffect, useRef, useState, useSyncExternalStore } from "react";
import { layoutKey } from "../../data/keys";
import { formatCount } from "../../lib/format";
import { COMMAND_KEY } from "../../lib/platform";
import { withRegion } from "../../state/filters";
import { embeddingOf } from "../../state/selectors";
import { Problem } from "../../ui/Problem";
import { useApp, useColumn, useView, useViewer } from "../useViewer";
import styles from "./embedding.module.css";
import { Gestures } from "./gestures";
import { HoverCard } from "./HoverCard";
import type { Plot } from "./Plot";
import { plotKeys } from "./plotKeys";
import { SelectionOverlay } from "./SelectionOverlay";
import { type Orientation, Tools } from "./Tools";
import { usePlot } from "./usePlot";
import { useRegionTool } from "./useRegionTool";

interface Props {
  theme: string;
  /** How the tools are lined up: down the left edge, or along the top. */
  toolsAt: Orientation;
  /** Chips, legend and the like, over the plot. */
  children?: ReactNode;
  onPlot(plot: Plot | null): void;
}

const REACH = 10; // CSS pixels from the pointer to a point that it is "on"

/** The plot: points, tools, regions, and a card for the point under the pointer. */
export function EmbeddingView({ theme, toolsAt, children, onPlot }: Props) {
  const box = useRef<HTMLDivElement>(null);
  const plot = usePlot(box, theme);
  const { drawing, onDrawing, onDrawn } = useRegionTool(plot);
  const [hovered, setHovered] = useState(-1);
  const [hinted, showHint] = useForMoment();
  const tool = useView((view) => view.tool);
  const name = useApp(embeddingOf);
  const tally = useApp((state) => state.tally);

  useEffect(() => onPlot(plot), [plot, onPlot]);

  useEffect(() => {
    const element = box.current;
    if (!plot || !element) return;
    const pointAt = (px: number, py: number): number => plot.pointAt(px, py, REACH);
    const gestures = new Gestures(element, {
      tool: () => plot.viewer.store.getState().view.tool,
      camera: () => plot.camera,
      size: () => plot,
      moveTo: (camera) => plot.setCamera(camera),
      drawing: onDrawing,
      drawn: onDrawn,
      hover: (point) => setHovered(point ? pointAt(...point) : -1),
      // In a notebook, a plain wheel zooms once the user is in the viewer; else one scrolls past it.
      wheelIsTaken: () => window.parent !== window && !document.hasFocus(),
      wheelPassed: showHint,
      click: (px, py) => {
        if (pointAt(px, py) < 0) clearRegion(plot);
      },
    });
    return () => gestures.dispose();
  }, [plot, onDrawing, onDrawn, showHint]);

  const point = plot?.embedding && hovered >= 0 ? pointOf(plot, hovered) : null;
  return (
    <div
      ref={box}
      className={styles.plot}
      data-tool={tool}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: arrows move the plot, + and − zoom
      tabIndex={0}
      role="application"
      aria-label={`Embedding ${name ?? ""}: ${formatCount(tally.selected)} of ${formatCount(tally.total)} cells selected. Arrow keys move the view.`}
      onKeyDown={(event) => plot && plotKeys(event, plot)}
    >
      {plot && <SelectionOverlay plot={plot} drawing={drawing} hovered={point} />}
      {plot && point && !drawing && (
        <HoverCard
          cell={hovered}
          at={plot.projection.toScreen(...point)}
          width={plot.width}
          height={plot.height}
        />
      )}
      <div className={styles.stage}>
        <Tools plot={plot} orientation={toolsAt} />
        <Placeholder plot={plot} name={name} />
        <p className={styles.hint} data-shown={hinted} aria-hidden>
          Click, or hold {COMMAND_KEY}, to zoom
        </p>
        {children}
      </div>
    </div>
  );
}

const MOMENT = 1200; // ms

/** True for a moment after each call. */
function useForMoment(): [boolean, () => void] {
  const [on, setOn] = useState(false);
  const timer = useRef(0);
  useEffect(() => () => window.clearTimeout(timer.current), []);
  const start = useCallback(() => {
    setOn(true);
    window.clearTimeout(timer.current);
    timer.current = window.setTimeout(() => setOn(false), MOMENT);
  }, []);
  return [on, start];
}

function pointOf(plot: Plot, cell: number): [number, number] {
  return [plot.embedding?.x[cell] ?? Number.NaN, plot.embedding?.y[cell] ?? Number.NaN];
}

/** A click on nothing gives up the region of this embedding, as a lasso around nothing does. */
function clearRegion({ viewer }: Plot): void {
  const state = viewer.store.getState();
  const embedding = embeddingOf(state);
  if (embedding === null) return;
  const step = { mode: "replace", shape: "lasso", points: [] } as const;
  const empty = { ...step, points: [...step.points] };
  if (withRegion(state.view.filters, embedding, empty).length === state.view.filters.length) return;
  viewer.do({ type: "region", embedding, step: empty });
}

/** What stands where the points will be. */
function Placeholder({ plot, name }: { plot: Plot | null; name: string | null }) {
  const dataset = useApp((state) => state.dataset);
  const { error, retry } = useColumn(name === null ? null : layoutKey(name));
  const viewer = useViewer();
  const drawn = useSyncExternalStore(
    plot?.onMoved ?? noStore,
    () => plot?.embedding !== null && plot?.embedding !== undefined,
  );
  if (error !== null) {
    return (
      <div className={styles.placeholder} data-over-plot>
        <Problem message={error} onRetry={retry} />
      </div>
    );
  }
  if (dataset && name === null) {
    return (
      <div className={styles.placeholder}>
        <p>
          <b>{viewer.store.getState().dataset?.title}</b> has no embedding to draw. Make one, for example with{" "}
          <code>sc.tl.umap(adata)</code>, and run <code>%cxg</code> again.
        </p>
      </div>
    );
  }
  if (drawn) return null;
  return (
    <div className={styles.loading} role="progressbar" aria-label="Loading the embedding" aria-busy>
      {name && <span className={styles.loadingText}>Loading {name}…</span>}
    </div>
  );
}

const noStore = () => () => {};
