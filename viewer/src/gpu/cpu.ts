// The renderer for machines without a GPU: frames come from the rasteriser's worker and are put onto a
// 2D canvas. Two buffers go back and forth, nothing is allocated per frame.

import type { CameraLike } from "../lib/camera";
import { FrameLoop } from "./loop";
import { paintPixels, pixelsToCanvas } from "./paint";
import { RasterHost } from "./rasterHost";
import type { SceneChange } from "./rasterMessages";
import { DEFAULT_STYLE, type PointRenderer, type PointStyle, type Rgb } from "./renderer";

export class CpuRenderer implements PointRenderer {
  readonly kind = "cpu";
  private readonly loop = new FrameLoop(() => this.render());
  private style: PointStyle = DEFAULT_STYLE;
  private camera: CameraLike | null = null;
  private size = { cssWidth: 0, cssHeight: 0, pixelRatio: 1 };
  private spare: ArrayBuffer | undefined;

  constructor(
    private readonly canvas: HTMLCanvasElement,
    private readonly host: RasterHost = new RasterHost(),
  ) {}

  setPositions(x: Float32Array, y: Float32Array): void {
    this.change({ set: "setPositions", to: [x, y] });
  }

  setColors(codes: Uint16Array | null, plain: Rgb): void {
    this.change({ set: "setColors", to: [codes, plain] });
  }

  setPalette(rgb: Uint8Array): void {
    this.change({ set: "setPalette", to: [rgb] });
  }

  setRamp(range: { low: number; high: number } | null): void {
    this.change({ set: "setRamp", to: [range] });
  }

  setState(state: Uint8Array): void {
    this.change({ set: "setState", to: [state] });
  }

  setOrder(order: "random" | "value"): void {
    this.change({ set: "setOrder", to: [order] });
  }

  setStyle(style: PointStyle): void {
    this.style = style;
    this.redraw();
  }

  resize(cssWidth: number, cssHeight: number, pixelRatio: number): void {
    this.size = { cssWidth, cssHeight, pixelRatio };
    this.redraw();
  }

  draw(camera: CameraLike): void {
    this.camera = { ...camera };
    this.loop.request();
  }

  settled(): Promise<void> {
    return this.loop.settled();
  }

  async picture(
    camera: CameraLike,
    cssWidth: number,
    cssHeight: number,
    pixelRatio: number,
    style: PointStyle,
  ): Promise<HTMLCanvasElement> {
    const pixels = await this.host.frame({ camera, cssWidth, cssHeight, pixelRatio }, style);
    if (pixels === null) throw new Error("The picture was not drawn: the viewer was closed meanwhile.");
    return pixelsToCanvas(pixels);
  }

  dispose(): void {
    this.loop.stop();
    this.host.dispose();
  }

  private async render(): Promise<void> {
    if (this.camera === null || this.size.cssWidth <= 0 || this.size.cssHeight <= 0) return;
    const buffer = this.spare;
    this.spare = undefined;
    const pixels = await this.host.frame({ camera: this.camera, ...this.size }, this.style, buffer);
    if (pixels === null) return;
    paintPixels(this.canvas, pixels);
    this.spare = pixels.buffer;
  }

  private change(change: SceneChange): void {
    this.host.change(change);
    this.redraw();
  }

  private redraw(): void {
    if (this.camera !== null) this.loop.request();
  }
}
