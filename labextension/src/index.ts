// The plugin list; wiring only.

import type { JupyterFrontEnd, JupyterFrontEndPlugin } from "@jupyterlab/application";
import { INotebookTracker, type NotebookPanel } from "@jupyterlab/notebook";
import { Keeper, OUTPUT_TYPE } from "./keeper";

// Preferred to the widget's own renderer, which registers itself at -10.
const RANK = -20;

const pictures: JupyterFrontEndPlugin<void> = {
  id: "jupyter-cxg:pictures",
  description: "Keeps the last picture of a %cxg viewer in the notebook.",
  autoStart: true,
  requires: [INotebookTracker],
  activate: (_app: JupyterFrontEnd, notebooks: INotebookTracker) => {
    const register = ({ content: { rendermime } }: NotebookPanel) => {
      rendermime.addFactory(
        { safe: false, mimeTypes: [OUTPUT_TYPE], createRenderer: () => new Keeper(rendermime) },
        RANK,
      );
    };
    notebooks.forEach(register);
    notebooks.widgetAdded.connect((_tracker, panel) => register(panel));
  },
};

export default [pictures];
