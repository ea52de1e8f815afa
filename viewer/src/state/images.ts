// Tissue images beneath embeddings: fetched when one is shown, kept as pixels.

import type { Client } from "../api/client";
import { isAbort } from "../api/errors";
import { shownEmbedding } from "./needs";
import type { ViewState } from "./state";
import type { AppState, AppStore, DatasetInfo, TissueImage } from "./store";

export interface Pixels {
  width: number;
  height: number;
  pixels: Uint8ClampedArray; // RGBA
}

type Decode = (bytes: Uint8Array<ArrayBuffer>, type: string) => Promise<Pixels>;

/** The image beneath an embedding: the one that the view names, else the first; null where there is none. */
export function imageOf({ view, dataset }: AppState, embedding: string | null): TissueImage | null {
  const all = embedding === null ? undefined : dataset?.images[embedding];
  return all?.find(({ name }) => name === view.image.name) ?? all?.[0] ?? null;
}

export class Images {
  private readonly loaded = new Map<string, Pixels>();

  constructor(
    private readonly client: Client,
    private readonly store: AppStore,
    private readonly signal: AbortSignal,
    private readonly decode: Decode = decodeImage,
  ) {}

  get(name: string): Pixels | undefined {
    return this.loaded.get(name);
  }

  /** Fetches what the view shows. */
  follow(view: ViewState, dataset: DatasetInfo): void {
    if (!view.image.shown) return;
    const state = { ...this.store.getState(), view };
    const first = shownEmbedding(view, dataset);
    for (const name of new Set([first, ...view.panels.map((panel) => panel.embedding)])) {
      const image = imageOf(state, name);
      if (image && state.images[image.name] === undefined) void this.load(image.name);
    }
  }

  retry(name: string): void {
    void this.load(name);
  }

  private async load(name: string): Promise<void> {
    this.tell(name, "loading");
    try {
      const question = `image?name=${encodeURIComponent(name)}`;
      const { bytes, type } = await this.client.ask(question, { signal: this.signal, priority: "low" });
      this.loaded.set(name, await this.decode(bytes, type));
      this.tell(name, "ready");
    } catch (error) {
      if (isAbort(error) || this.signal.aborted) return;
      const why = error instanceof Error ? error.message : String(error);
      this.tell(name, { error: `The image could not be shown: ${why}` });
    }
  }

  private tell(name: string, status: AppState["images"][string]): void {
    this.store.setState(({ images }) => ({ images: { ...images, [name]: status } }));
  }
}

async function decodeImage(bytes: Uint8Array<ArrayBuffer>, type: string): Promise<Pixels> {
  const bitmap = await createImageBitmap(new Blob([bytes], { type }));
  const { width, height } = bitmap;
  const canvas = document.createElement("canvas");
  canvas.width = width;
  canvas.height = height;
  const context = canvas.getContext("2d", { willReadFrequently: true });
  if (!context) throw new Error("this browser gives no 2D canvas.");
  context.drawImage(bitmap, 0, 0);
  bitmap.close();
  return { width, height, pixels: context.getImageData(0, 0, width, height).data };
}
