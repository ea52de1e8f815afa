// The commands: open a file, a folder or a snapshot; open what is chosen in the file browser.

import type { ILabShell, JupyterFrontEnd } from "@jupyterlab/application";
import { showErrorMessage } from "@jupyterlab/apputils";
import { PathExt } from "@jupyterlab/coreutils";
import type { IDocumentManager } from "@jupyterlab/docmanager";
import { FileDialog, type IFileBrowserFactory } from "@jupyterlab/filebrowser";
import type { Contents } from "@jupyterlab/services";
import type { ITranslator } from "@jupyterlab/translation";
import type { Widget } from "@lumino/widgets";
import type { ViewState } from "../../viewer/src/state/state";
import { type Address, cleanPath, isFile, isFolder, pageUrl } from "./address";
import { FACTORY, type ViewerDocument } from "./documents";
import { viewerIcon } from "./icon";
import type { Tab, Tabs } from "./tabs";

export const OPEN = "jupyter-cxg:open";
export const OPEN_SELECTED = "jupyter-cxg:open-selected";

const FOLDERS = '.jp-DirListing-item[data-isdir="true"]';

/** JSON Schema of what `jupyter-cxg:open` takes. */
const OPEN_ARGUMENTS = {
  type: "object",
  properties: {
    path: {
      type: "string",
      description: "An .h5ad, .h5mu, .loom or 10x .h5 file, or a .zarr folder; without it a dialog asks.",
    },
    snapshot: { type: "string", description: "Id of a snapshot, instead of a path." },
    label: { type: "string", description: "Title of the tab of a snapshot." },
    state: { type: "object", description: "The view to begin with." },
    cwd: { type: "string", description: "Where the dialog begins." },
  },
};

interface OpenArguments {
  path?: string;
  snapshot?: string;
  label?: string;
  state?: Partial<ViewState>;
  cwd?: string;
}

export interface Services {
  app: JupyterFrontEnd;
  documents: IDocumentManager;
  tabs: Tabs;
  labShell: ILabShell | null; // null: each document has a page of its own
  browsers: IFileBrowserFactory | null;
  translator: ITranslator;
}

export function addCommands(services: Services): void {
  const { app, browsers, translator } = services;
  const trans = translator.load("jupyter_cxg");
  app.commands.addCommand(OPEN, {
    label: (args) =>
      // A launcher's tile has the name, a menu or the palette says what will happen.
      args.isLauncher ? trans.__("AnnData Viewer") : trans.__("Open AnnData File or Folder…"),
    caption: trans.__("Open an .h5ad file or a .zarr folder in the viewer"),
    icon: viewerIcon,
    describedBy: { args: OPEN_ARGUMENTS },
    execute: (args) => open(services, args as OpenArguments),
  });
  if (!browsers) return;
  const selected = () => [...(browsers.tracker.currentWidget?.selectedItems() ?? [])];
  app.commands.addCommand(OPEN_SELECTED, {
    label: trans.__("Open in AnnData Viewer"),
    icon: viewerIcon,
    describedBy: { args: { type: "object", properties: {} } },
    isVisible: () => {
      const items = selected();
      return items.length > 0 && items.every((item) => item.type === "directory" && isFolder(item.path));
    },
    execute: async () => {
      for (const { path } of selected()) await open(services, { path });
    },
  });
  app.contextMenu.addItem({ command: OPEN_SELECTED, selector: FOLDERS, rank: 2 });
}

async function open(services: Services, args: OpenArguments): Promise<Widget | undefined> {
  const { path, snapshot, label, state, cwd } = args;
  if (snapshot) return openAddress(services, { snapshot }, label ?? snapshot, state);
  if (path) return openPath(services, cleanPath(path), state);
  let last: Widget | undefined;
  for (const chosen of await ask(services, cwd)) last = await openPath(services, chosen);
  return last;
}

async function openPath(
  services: Services,
  path: string,
  state?: Partial<ViewState>,
): Promise<Widget | undefined> {
  if (isFolder(path)) return openAddress(services, { path }, PathExt.basename(path), state);
  const { documents, tabs } = services;
  const isNew = !tabs.find({ path });
  const document = documents.openOrReveal(path, FACTORY) as ViewerDocument | undefined;
  if (document && isNew && state) document.content.state = state;
  return document;
}

/** What is no document: a tab, or where there are none a page by itself. */
function openAddress(
  { app, tabs, labShell }: Services,
  address: Address,
  label: string,
  state?: Partial<ViewState>,
): Tab | undefined {
  if (!labShell) {
    const { contents, serverSettings } = app.serviceManager;
    const local = "path" in address ? { path: contents.localPath(address.path) } : address;
    window.open(pageUrl(serverSettings.baseUrl, local, state ?? null), "_blank", "noopener");
    return undefined;
  }
  let tab = tabs.find(address);
  if (!tab) {
    tab = tabs.create(address, label);
    if (state) tab.content.state = state;
  }
  app.shell.activateById(tab.id);
  return tab;
}

/** Paths that the user chooses; empty when the dialog is canceled. */
async function ask({ documents, translator }: Services, cwd?: string): Promise<string[]> {
  const trans = translator.load("jupyter_cxg");
  const { button, value } = await FileDialog.getOpenFiles({
    manager: documents,
    title: trans.__("Open an .h5ad file or a .zarr folder"),
    filter: (item) => (item.type === "directory" || isShown(item) ? {} : null),
    translator,
    ...(cwd && { defaultPath: cwd }),
  });
  if (!button.accept || !value) return [];
  const paths = value.filter(isShown).map((item) => cleanPath(item.path));
  if (paths.length === 0) {
    await showErrorMessage(
      trans.__("Nothing to open"),
      trans.__("Choose a file that ends in .h5ad, .h5mu, .loom or .h5, or a folder that ends in .zarr."),
    );
  }
  return paths;
}

function isShown({ type, path }: Contents.IModel): boolean {
  return type === "directory" ? isFolder(path) : isFile(path);
}
