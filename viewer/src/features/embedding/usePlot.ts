import { type RefObject, useEffect, useState } from "react";
import { firstRenderer, gpuRenderer, graphics } from "../../gpu";
import type { Viewer } from "../../state/viewer";
import { useTransientStore, useViewer } from "../useViewer";
import { Plot } from "./Plot";
import type { PlotView } from "./plotViews";
import { plotStyle } from "./pointStyle";

/** Makes the plot inside an element and keeps its size, its pixel ratio and its colors. */
export function usePlot(box: RefObject<HTMLElement | null>, theme: string, shown: PlotView): Plot | null {
  const viewer = useViewer();
  const transient = useTransientStore();
  const [plot, setPlot] = useState<Plot | null>(null);

  useEffect(() => {
    const element = box.current;
    if (!element) return;
    // a canvas of its own: one whose context was given up cannot be used again
    const canvas = document.createElement("canvas");
    element.prepend(canvas);
    const shared = shown.panel !== 0; // the first plot has a renderer of its own
    const made = new Plot(viewer, transient, firstRenderer(canvas, shared), shown);
    const stopResizing = followSize(element, made);
    const here = new AbortController();
    if (!shared) void sayWithoutWebgl(viewer);
    void made.drawn().then(() => moveToGpu(made, canvas, shared, here.signal));
    setPlot(made);
    return () => {
      here.abort();
      stopResizing();
      made.dispose();
      for (const left of element.querySelectorAll(":scope > canvas")) left.remove();
      setPlot(null);
    };
  }, [box, viewer, transient, shown]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: the tokens depend on the theme
  useEffect(() => {
    if (plot && box.current) plot.setStyle(plotStyle(box.current));
  }, [plot, box, theme]);

  return plot;
}

async function sayWithoutWebgl(viewer: Viewer): Promise<void> {
  if ((await graphics()) !== "none") return;
  viewer.notify(
    "This browser has no WebGL2, so the processor draws the points: everything works, but large datasets move " +
      "more slowly. Updating the browser, or turning on its hardware acceleration, may help.",
  );
}

/** Moves the plot to a canvas of the GPU's once the first picture is there, if there is a GPU. */
async function moveToGpu(
  plot: Plot,
  before: HTMLCanvasElement,
  shared: boolean,
  gone: AbortSignal,
): Promise<void> {
  const canvas = document.createElement("canvas");
  const renderer = await gpuRenderer(canvas, shared);
  if (!renderer) return;
  if (gone.aborted) {
    renderer.dispose();
    return;
  }
  before.before(canvas); // beneath the old picture until the new one is drawn
  plot.replaceRenderer(renderer);
  await renderer.settled();
  before.remove();
}

/** Follows the element's size and moves between screens of different pixel ratios. */
function followSize(element: HTMLElement, plot: Plot): () => void {
  const measure = (): void => plot.resize(element.clientWidth, element.clientHeight, window.devicePixelRatio);
  const observer = new ResizeObserver(measure);
  observer.observe(element);
  const stop = new AbortController();
  const watchRatio = (): void => {
    const query = window.matchMedia(`(resolution: ${window.devicePixelRatio}dppx)`);
    query.addEventListener(
      "change",
      () => {
        measure();
        watchRatio();
      },
      { once: true, signal: stop.signal },
    );
  };
  watchRatio();
  measure();
  return () => {
    observer.disconnect();
    stop.abort();
  };
}
