import { createRoot } from "react-dom/client";
import type { Picture } from "../bridge/picture";
import type { HostLink } from "../bridge/viewer-end";
import type { Plot } from "../features/embedding/Plot";
import { createTransient } from "../features/useViewer";
import type { Viewer } from "../state/viewer";
import "../styles/tokens.css";
import "../styles/base.css";
import { App } from "./App";
import { takePicture } from "./picture";

declare global {
  interface Window {
    /** For tests and for the curious. */
    __cxg?: {
      viewer: Viewer;
      readonly renderer: string | null;
      /** Resolves when all that was asked for so far is loaded, counted and on the screen. */
      settled(): Promise<void>;
      takePicture(): Promise<Picture | null>;
    };
  }
}

/**
 * react-aria adds a <style> for its buttons, which the page's policy forbids, unless an element with this id
 * is there; the rule itself is in styles/base.css.
 */
function allowPressing(): void {
  const mark = document.createElement("meta");
  mark.id = "react-aria-pressable-style";
  document.head.append(mark);
}

/** Resolves when nothing is being loaded any more. */
function loaded({ store }: Viewer): Promise<void> {
  return new Promise((resolve) => {
    const check = (): void => {
      if (Object.values(store.getState().columns).includes("loading")) return;
      stop();
      resolve();
    };
    const stop = store.subscribe(check);
    check();
  });
}

/** Shows the viewer in an element of the page, and connects it with the page around, if there is one. */
export function start(viewer: Viewer, element: HTMLElement, host: HostLink | null): void {
  allowPressing();
  const root = createRoot(element);
  const transient = createTransient();
  let plot: Plot | null = null;

  const onPlot = (made: Plot | null): void => {
    plot = made;
    if (!made) host?.onPicture(null);
    else void firstPicture(made).then(() => host?.ready());
  };

  const firstPicture = async (made: Plot): Promise<void> => {
    await made.drawn();
    document.documentElement.dataset.cxgReady = made.renderer.kind; // tests wait for it
    requestAnimationFrame(() => performance.mark("cxg-first-picture")); // it is being shown; for benchmarks
    if (made === plot) host?.onPicture(() => takePicture(made));
  };

  window.__cxg = {
    viewer,
    get renderer() {
      return plot?.renderer.kind ?? null;
    },
    settled: async () => {
      await viewer.settled();
      await loaded(viewer);
      await new Promise(requestAnimationFrame); // React has rendered what the store says
      await plot?.renderer.settled();
    },
    takePicture: async () => plot && takePicture(plot),
  };

  const render = (hostTheme: "light" | "dark" | null): void =>
    root.render(<App viewer={viewer} transient={transient} hostTheme={hostTheme} onPlot={onPlot} />);
  if (host) host.onTheme(render);
  else render(null);
  host?.attach(viewer);
}
