// .h5ad and the like as a kind of document: a tab of its own whose file never comes to the browser.

import {
  ABCWidgetFactory,
  DocumentModel,
  type DocumentRegistry,
  DocumentWidget,
} from "@jupyterlab/docregistry";
import type { TranslationBundle } from "@jupyterlab/translation";
import { FILE_EXTENSIONS, HDF5_EXTENSION } from "./address";
import { viewerIcon } from "./icon";
import type { ViewerTab } from "./tab";

export const FACTORY = "AnnData Viewer"; // in settings and URLs; what people read is translated
const FILE_TYPE = "h5ad";
const HDF5_TYPE = "10x-h5";
const MODEL = "jupyter-cxg:no-content";

/** A file that is looked at elsewhere: nothing of it is here, so there is nothing that could be saved. */
class NoContent extends DocumentModel {
  override get readOnly(): boolean {
    return true;
  }

  override toString(): string {
    throw new Error("A viewer has nothing of its file that could be saved. Copy it in the file browser.");
  }

  override toJSON(): never {
    throw new Error(this.toString());
  }
}

class NoContentFactory implements DocumentRegistry.IModelFactory<DocumentRegistry.IModel> {
  readonly name = MODEL;
  readonly contentType = "file";
  readonly fileFormat = null; // JupyterLab then asks for name and date of the file only
  readonly collaborative = false;
  isDisposed = false;

  dispose(): void {
    this.isDisposed = true;
  }

  createNew(): DocumentModel {
    return new NoContent();
  }

  preferredLanguage(): string {
    return "";
  }
}

export type ViewerDocument = DocumentWidget<ViewerTab>;

export class DocumentFactory extends ABCWidgetFactory<ViewerDocument> {
  constructor(
    trans: TranslationBundle,
    private readonly createTab: (path: string) => ViewerTab,
  ) {
    super({
      name: FACTORY,
      label: trans.__("AnnData Viewer"),
      modelName: MODEL,
      fileTypes: [FILE_TYPE, HDF5_TYPE],
      defaultFor: [FILE_TYPE],
      readOnly: true,
    });
  }

  protected override createNewWidget(context: DocumentRegistry.Context): ViewerDocument {
    const content = this.createTab(context.path);
    const document = new DocumentWidget({ content, context });
    document.title.icon = viewerIcon;
    document.toolbar.hide();
    context.fileChanged.connect(protect);
    const onPath = () => {
      content.address = { path: context.path };
    };
    context.pathChanged.connect(onPath);
    document.disposed.connect(() => context.pathChanged.disconnect(onPath));
    return document;
  }
}

/**
 * JupyterLab asks this before it saves a file, and before it copies one, whole, into a checkpoint, which it
 * otherwise does as soon as a file is opened, however large it is.
 */
function protect(_context: DocumentRegistry.Context, file: { writable: boolean }): void {
  file.writable = false;
}

/** Tell JupyterLab about our files; from now on `factory` opens them, where it is asked to. */
export function registerDocuments(
  registry: DocumentRegistry,
  factory: DocumentFactory,
  trans: TranslationBundle,
): void {
  registry.addFileType({
    name: FILE_TYPE,
    displayName: trans.__("AnnData file"),
    extensions: FILE_EXTENSIONS,
    mimeTypes: ["application/x-hdf5"],
    contentType: "file",
    fileFormat: null,
    icon: viewerIcon,
  });
  registry.addFileType({
    name: HDF5_TYPE,
    displayName: trans.__("HDF5 file"),
    extensions: [HDF5_EXTENSION],
    mimeTypes: ["application/x-hdf5"],
    contentType: "file",
    fileFormat: null,
  });
  registry.addModelFactory(new NoContentFactory());
  registry.addWidgetFactory(factory);
}
