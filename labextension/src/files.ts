// Files and tabs, where there are any. What lab.ts imports (launcher, file browser, running sessions) does not
// exist in every page that loads this extension, so it is loaded only where documents are managed.

import type { JupyterFrontEnd, JupyterFrontEndPlugin } from "@jupyterlab/application";

const DOCUMENTS = "@jupyterlab/docmanager-extension:manager"; // JupyterLab and Notebook 7, not Voila

export const files: JupyterFrontEndPlugin<void> = {
  id: "jupyter-cxg:files",
  description: "Opens .h5ad files and .zarr stores in the viewer.",
  autoStart: true,
  activate: async (app: JupyterFrontEnd) => {
    if (!app.hasPlugin(DOCUMENTS)) return;
    const { lab } = await import("./lab");
    app.registerPlugin(lab);
    await app.activatePlugin(lab.id);
  },
};
