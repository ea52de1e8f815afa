import { useCallback, useEffect, useRef, useState } from "react";
import { simplifyPath } from "../../lib/polygon";
import type { RegionStep } from "../../state/state";
import type { Drawing } from "./gestures";
import type { Plot } from "./Plot";

const PREVIEW_EVERY = 50; // ms, at least; three times what one preview costs when that is more

export interface RegionTool {
  /** What is being drawn, for the overlay. */
  drawing: Drawing | null;
  onDrawing(drawing: Drawing | null): void;
  onDrawn(drawing: Drawing): void;
}

/** Lasso and rectangle: the cells inside are shown while the hand still moves. */
export function useRegionTool(plot: Plot | null): RegionTool {
  const [drawing, setDrawing] = useState<Drawing | null>(null);
  const next = useRef(0); // when the next preview may be made
  const late = useRef(0); // the timer of one that had to wait: where the hand rests is shown too
  useEffect(() => () => window.clearTimeout(late.current), []);

  const onDrawing = useCallback(
    (region: Drawing | null) => {
      setDrawing(region);
      window.clearTimeout(late.current);
      if (!plot) return;
      if (!region) {
        plot.viewer.preview(null);
        return;
      }
      const preview = (): void => {
        const now = performance.now();
        const action = regionAction(plot, region);
        if (action) plot.viewer.preview(action);
        next.current = now + Math.max(PREVIEW_EVERY, 3 * (performance.now() - now));
      };
      const wait = next.current - performance.now();
      if (wait <= 0) preview();
      else late.current = window.setTimeout(preview, wait);
    },
    [plot],
  );

  const onDrawn = useCallback(
    (region: Drawing) => {
      setDrawing(null);
      window.clearTimeout(late.current);
      if (!plot) return;
      plot.viewer.preview(null);
      const action = regionAction(plot, region);
      if (action) plot.viewer.do(action);
    },
    [plot],
  );

  return { drawing, onDrawing, onDrawn };
}

function regionAction(plot: Plot, { shape, mode, points }: Drawing) {
  const embedding = plot.shown.embedding(plot.viewer.store.getState());
  if (embedding === null) return null;
  const { toData } = plot.projection;
  const path = shape === "lasso" ? simplifyPath(points) : points;
  const step: RegionStep = { mode, shape, points: path.map(([px, py]) => toData(px, py)) };
  return { type: "region", embedding, step } as const;
}
