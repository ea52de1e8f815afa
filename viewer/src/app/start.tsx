import { createRoot } from "react-dom/client";
import type { Theme } from "../bridge/messages";
import type { Plot } from "../features/embedding/Plot";
import { createTransient } from "../features/useViewer";
import type { Viewer } from "../state/viewer";
import "../styles/tokens.css";
import "../styles/base.css";
import { App } from "./App";
import { type Picture, takePicture } from "./picture";

export interface Running {
  /** The theme of the page around; null: it does not say. */
  setHostTheme(theme: Theme): void;
  takePicture(): Promise<Picture | null>;
  /** Resolves when all that was asked for so far is loaded, counted and on the screen. */
  settled(): Promise<void>;
}

declare global {
  interface Window {
    /** For tests and for the curious. */
    __cxg?: { viewer: Viewer; renderer: string | null; settled(): Promise<void> };
  }
}

/** Shows the viewer in an element of the page. */
export function start(viewer: Viewer, element: HTMLElement, hostTheme: Theme): Running {
  const root = createRoot(element);
  const transient = createTransient();
  let plot: Plot | null = null;

  const onPlot = (made: Plot | null): void => {
    plot = made;
    if (window.__cxg) window.__cxg.renderer = made?.renderer.kind ?? null;
  };
  const setHostTheme = (theme: Theme): void =>
    root.render(<App viewer={viewer} transient={transient} hostTheme={theme} onPlot={onPlot} />);

  const settled = async (): Promise<void> => {
    await viewer.settled();
    await new Promise(requestAnimationFrame); // React has rendered what the store says
    await plot?.renderer.settled();
  };

  window.__cxg = { viewer, renderer: null, settled };
  setHostTheme(hostTheme);
  return { setHostTheme, settled, takePicture: async () => (plot ? takePicture(plot) : null) };
}
