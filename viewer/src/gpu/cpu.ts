// The renderer for machines without a GPU: frames come from the rasteriser's worker and are put onto a
// 2D canvas. Two buffers go back and forth, nothing is allocated per frame.

import { CanvasRenderer } from "./canvasRenderer";
import type { View } from "./look";
import { paintPixels, pixelsToCanvas } from "./paint";
import { RasterHost } from "./rasterHost";
import type { SceneChange } from "./rasterMessages";
import type { PointStyle } from "./renderer";

export class CpuRenderer extends CanvasRenderer {
  readonly kind = "cpu";
  private spare: ArrayBuffer | undefined;
  private readonly scene: number;

  /** Several renderers may share a host, each with a scene of its own. */
  constructor(
    private readonly canvas: HTMLCanvasElement,
    private readonly host: RasterHost = new RasterHost(),
  ) {
    super();
    this.scene = host.open();
  }

  override dispose(): void {
    super.dispose();
    this.host.close(this.scene);
  }

  protected override apply(change: SceneChange): void {
    this.host.change(this.scene, change);
  }

  protected override async frame(view: View): Promise<void> {
    const buffer = this.spare;
    this.spare = undefined;
    const pixels = await this.host.frame(this.scene, view, this.style, buffer);
    if (pixels === null) return;
    paintPixels(this.canvas, pixels);
    this.spare = pixels.buffer;
  }

  protected override async still(view: View, style: PointStyle): Promise<HTMLCanvasElement> {
    const pixels = await this.host.frame(this.scene, view, style);
    if (pixels === null) throw new Error("The picture was not drawn: the viewer was closed meanwhile.");
    return pixelsToCanvas(pixels);
  }
}
