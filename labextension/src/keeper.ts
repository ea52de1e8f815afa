// The renderer of a %cxg output: the live widget, or its last picture while there is none.
//
// A widget view whose kernel is gone renders as "model not found". Our outputs carry a MIME type of
// their own beside the widget's; this renderer is preferred for it, delegates to the widget renderer of
// the same notebook, and keeps the picture that the viewer sends in the output itself, so that it is
// saved with the notebook and readable on any site that shows notebooks.

import type { IRenderMimeRegistry } from "@jupyterlab/rendermime";
import type { IRenderMime } from "@jupyterlab/rendermime-interfaces";
import { PanelLayout, Widget } from "@lumino/widgets";

export const OUTPUT_TYPE = "application/vnd.jupyter-cxg.view+json";
const WIDGET_TYPE = "application/vnd.jupyter.widget-view+json";
const PICTURE_TYPE = "image/png";

/** What the widget loader says in the page (viewer/src/bridge/widget-end.ts). */
interface Picture {
  png: string; // base64
  width: number; // CSS pixels
  height: number;
}

export class Keeper extends Widget implements IRenderMime.IRenderer {
  private model: IRenderMime.IMimeModel | null = null;
  private modelId: unknown = null;
  private inner: IRenderMime.IRenderer | null = null;
  private picture: HTMLElement | null = null;

  /**
   * @param rendermime - of the notebook: it knows the renderer of this notebook's live widgets
   * @param live - resolves when it does; never, while the notebook has no kernel
   */
  constructor(
    private readonly rendermime: IRenderMimeRegistry,
    private readonly live: Promise<void>,
  ) {
    super();
    this.layout = new PanelLayout();
    this.addClass("jp-cxg-output");
    this.node.addEventListener("cxg-render", this.onLive);
    this.node.addEventListener("cxg-picture", this.onPicture);
  }

  async renderModel(model: IRenderMime.IMimeModel): Promise<void> {
    this.model = model;
    const view = model.data[WIDGET_TYPE] as { model_id?: string } | undefined;
    // A new picture changes the output too: the widget that is already live must not be made again.
    if (this.modelId !== null && view?.model_id === this.modelId) return;
    this.modelId = view?.model_id;
    this.inner?.dispose();
    this.inner = null;
    this.showPicture(model);
    if (!view) return;
    await this.live;
    if (this.isDisposed || view.model_id !== this.modelId) return;
    const inner = this.rendermime.createRenderer(WIDGET_TYPE);
    this.inner = inner;
    if (this.picture) inner.addClass("jp-cxg-hidden");
    (this.layout as PanelLayout).addWidget(inner);
    await inner.renderModel(model);
  }

  override dispose(): void {
    this.node.removeEventListener("cxg-render", this.onLive);
    this.node.removeEventListener("cxg-picture", this.onPicture);
    super.dispose();
  }

  private showPicture(model: IRenderMime.IMimeModel): void {
    this.picture?.remove();
    this.picture = null;
    const png = model.data[PICTURE_TYPE];
    if (typeof png !== "string" || png === "") return;
    const image = document.createElement("img");
    image.src = `data:image/png;base64,${png.replace(/\s/g, "")}`;
    const size = model.metadata[PICTURE_TYPE] as { width?: number } | undefined;
    if (size?.width) image.width = size.width;
    const text = model.data["text/plain"];
    image.alt = typeof text === "string" ? text : "The last picture of this view";
    const caption = document.createElement("figcaption");
    caption.textContent = "The last picture of this view. Run the cell to make it live.";
    this.picture = document.createElement("figure");
    this.picture.className = "jp-cxg-picture";
    this.picture.append(image, caption);
    this.node.prepend(this.picture);
  }

  private readonly onLive = (): void => {
    this.picture?.remove();
    this.picture = null;
    this.inner?.removeClass("jp-cxg-hidden");
  };

  private readonly onPicture = (event: Event): void => {
    const { png, width, height } = (event as CustomEvent<Picture>).detail;
    if (!this.model || this.model.data[PICTURE_TYPE] === png) return;
    this.node.dataset.cxgPicture = "kept";
    this.model.setData({
      data: { ...this.model.data, [PICTURE_TYPE]: png },
      metadata: { ...this.model.metadata, [PICTURE_TYPE]: { width, height } },
    });
  };
}
