// The last picture of a viewer stays in the notebook, wherever notebooks are shown.

import type { JupyterFrontEnd, JupyterFrontEndPlugin } from "@jupyterlab/application";
import { INotebookTracker, type NotebookPanel } from "@jupyterlab/notebook";
import { Keeper, OUTPUT_TYPE } from "./keeper";

// Preferred to the widget's own renderer, which registers itself at -10.
const RANK = -20;

export const pictures: JupyterFrontEndPlugin<void> = {
  id: "jupyter-cxg:pictures",
  description: "Keeps the last picture of a %cxg viewer in the notebook.",
  autoStart: true,
  optional: [INotebookTracker],
  activate: (app: JupyterFrontEnd, notebooks: INotebookTracker | null) => {
    if (!notebooks) return; // Voila: its outputs are live, and saved nowhere
    const register = ({ content: { rendermime }, sessionContext }: NotebookPanel) => {
      const live = widgetsLive(app, sessionContext.ready);
      rendermime.addFactory(
        { safe: false, mimeTypes: [OUTPUT_TYPE], createRenderer: () => new Keeper(rendermime, live) },
        RANK,
      );
    };
    notebooks.forEach(register);
    notebooks.widgetAdded.connect((_tracker, panel) => register(panel));
  },
};

/**
 * When a notebook's widgets can be shown. The widget manager puts its renderer into the notebook's registry
 * as soon as the session is ready, and finds what was rendered before only where it stands in an output
 * by itself; ours stand inside a Keeper, which therefore waits.
 */
async function widgetsLive(app: JupyterFrontEnd, session: Promise<void>): Promise<void> {
  await Promise.all([app.started, session]);
  await new Promise((resolve) => setTimeout(resolve)); // after everybody else who waits for the session
}
