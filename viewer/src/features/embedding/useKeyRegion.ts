import { type KeyboardEvent, useCallback, useEffect, useRef, useState } from "react";
import { formatCount } from "../../lib/format";
import { insideRectangle } from "../../lib/polygon";
import { type Drawing, modeOf } from "./gestures";
import { arrowed, cornersOf, firstBox, type KeyedBox, MODE_WORDS, placeWords } from "./keyRegion";
import type { Plot } from "./Plot";
import type { RegionTool } from "./useRegionTool";

const SAY_AFTER = 300; // ms of rest: where a held key ends is read out, not each step

interface Keyed {
  box: KeyedBox;
  mode: Drawing["mode"];
}

interface KeyRegion {
  /** A rectangle is being drawn by keys. */
  keyed: boolean;
  /** What is read out of it. */
  said: string;
  /** True: the key was for the rectangle. */
  onKey(event: KeyboardEvent): boolean;
  giveUp(): void;
}

/** Enter begins a rectangle, arrows move and size it, Enter takes it, Escape gives it up. */
export function useKeyRegion(plot: Plot | null, { onDrawing, onDrawn }: RegionTool): KeyRegion {
  const [keyed, setKeyed] = useState<Keyed | null>(null);
  const [said, setSaid] = useState("");
  const latest = useRef(keyed);

  const show = useCallback(
    (next: Keyed | null) => {
      latest.current = next;
      setKeyed(next);
      onDrawing(next && drawingOf(next));
    },
    [onDrawing],
  );
  const giveUp = useCallback(() => {
    if (!latest.current) return;
    show(null);
    setSaid("The rectangle was given up.");
  }, [show]);

  useEffect(() => {
    if (!plot || !keyed) return;
    const timer = window.setTimeout(() => setSaid(wordsOf(plot, keyed)), SAY_AFTER);
    // The points move beneath it when the view is zoomed meanwhile.
    let { camera } = plot;
    const stop = plot.onMoved(() => {
      if (camera === plot.camera) return;
      camera = plot.camera;
      onDrawing(drawingOf(keyed));
    });
    return () => {
      window.clearTimeout(timer);
      stop();
    };
  }, [plot, keyed, onDrawing]);

  const onKey = (event: KeyboardEvent): boolean => {
    if (!plot || event.target !== event.currentTarget || event.ctrlKey || event.metaKey) return false;
    const now = latest.current;
    const modified = event.shiftKey || event.altKey;
    if (event.key === "Enter") {
      if (event.repeat) return now !== null;
      if (plot.viewer.store.getState().view.tool === "pan") return false;
      if (!now) {
        show({ box: firstBox(plot), mode: modeOf(event) });
      } else {
        latest.current = null;
        setKeyed(null);
        setSaid("");
        onDrawn(drawingOf(modified ? { ...now, mode: modeOf(event) } : now));
      }
      return true;
    }
    if (!now) return false;
    if (event.key === "Escape") {
      giveUp();
      return true;
    }
    const box = event.altKey ? null : arrowed(now.box, event, plot);
    if (box) show({ ...now, box });
    return box !== null;
  };
  return { keyed: keyed !== null, said, onKey, giveUp };
}

const drawingOf = ({ box, mode }: Keyed): Drawing => ({ shape: "rectangle", mode, points: cornersOf(box) });

/** Where it is, and how many cells lie in it. */
function wordsOf(plot: Plot, { box, mode }: Keyed): string {
  const place = placeWords(box, plot);
  if (!plot.embedding) return place;
  const { toData } = plot.projection;
  const [a, b] = cornersOf(box).map(([px, py]) => toData(px, py));
  const mask = insideRectangle(plot.embedding.x, plot.embedding.y, a!, b!);
  const shown = plot.viewer.counts.inside();
  let cells = 0;
  for (let i = 0; i < mask.length; i++) cells += mask[i]! & (shown ? shown[i]! : 1);
  return `${MODE_WORDS[mode]} ${formatCount(cells)} ${cells === 1 ? "cell" : "cells"}: ${place}`;
}
