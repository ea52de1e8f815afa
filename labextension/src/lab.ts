// What only JupyterLab and Notebook 7 have: documents, tabs, launcher, palette, file browser, running sessions.
// files.ts loads this module where they are; whatever a page may lack beyond documents is optional.

import {
  ILabShell,
  ILayoutRestorer,
  type JupyterFrontEnd,
  type JupyterFrontEndPlugin,
} from "@jupyterlab/application";
import { ICommandPalette, IThemeManager, showErrorMessage } from "@jupyterlab/apputils";
import { IDocumentManager } from "@jupyterlab/docmanager";
import { IFileBrowserFactory } from "@jupyterlab/filebrowser";
import { ILauncher } from "@jupyterlab/launcher";
import { IRunningSessionManagers } from "@jupyterlab/running";
import { ITranslator, nullTranslator } from "@jupyterlab/translation";
import { type Address, keyOf } from "./address";
import { DocumentFactory, registerDocuments } from "./documents";
import { addCommands, OPEN } from "./opening";
import { RunningViewers } from "./running";
import { type Snapshot, Snapshots } from "./snapshots";
import { Tabs } from "./tabs";

export const lab: JupyterFrontEndPlugin<void> = {
  id: "jupyter-cxg:lab",
  description: "The viewer in tabs, file browser, launcher, palette and Running panel.",
  requires: [IDocumentManager],
  optional: [
    ITranslator,
    ILabShell,
    ILayoutRestorer,
    IThemeManager,
    ICommandPalette,
    ILauncher,
    IFileBrowserFactory,
    IRunningSessionManagers,
  ],
  activate: (
    app: JupyterFrontEnd,
    documents: IDocumentManager,
    maybeTranslator: ITranslator | null,
    labShell: ILabShell | null,
    restorer: ILayoutRestorer | null,
    themes: IThemeManager | null,
    palette: ICommandPalette | null,
    launcher: ILauncher | null,
    browsers: IFileBrowserFactory | null,
    running: IRunningSessionManagers | null,
  ) => {
    const translator = maybeTranslator ?? nullTranslator;
    const trans = translator.load("jupyter_cxg");
    const tabs = new Tabs(app, themes, trans);
    const factory = new DocumentFactory(trans, (path) => tabs.content({ path }));
    factory.widgetCreated.connect((_factory, document) => tabs.track(document));
    registerDocuments(app.docRegistry, factory, trans);
    addCommands({ app, documents, tabs, labShell, browsers, translator });
    if (restorer) tabs.restore(restorer, OPEN);
    palette?.addItem({ command: OPEN, category: trans.__("AnnData") });
    launcher?.add({ command: OPEN, args: { isLauncher: true }, category: trans.__("Other"), rank: 20 });
    if (running) addRunning(app, tabs, running, translator);
  },
};

function addRunning(
  app: JupyterFrontEnd,
  tabs: Tabs,
  running: IRunningSessionManagers,
  translator: ITranslator,
): void {
  const trans = translator.load("jupyter_cxg");
  const snapshots = new Snapshots(app.serviceManager.serverSettings);
  tabs.tracker.widgetAdded.connect((_tracker, { content }) => {
    content.alive.connect(() => void snapshots.refresh());
  });
  const addressOf = ({ id, source }: Snapshot): Address => (source ? { path: source } : { snapshot: id });
  const open = (snapshot: Snapshot) => {
    void app.commands.execute(OPEN, { ...addressOf(snapshot), label: snapshot.title });
  };
  const end = (snapshot: Snapshot) => {
    snapshots.remove(snapshot.id).then(
      () => tabs.close([addressOf(snapshot), { snapshot: snapshot.id }].map(keyOf)),
      (error) => showErrorMessage(trans.__("“%1” could not be shut down", snapshot.title), error),
    );
  };
  running.add(new RunningViewers(snapshots, trans, open, end));
}
