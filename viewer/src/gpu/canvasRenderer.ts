// What both renderers have in common: the latest camera, size and style, and a frame whenever one of them
// or the scene has changed.

import type { CameraLike } from "../lib/camera";
import type { View } from "./look";
import { FrameLoop } from "./loop";
import type { SceneChange } from "./rasterMessages";
import { type Backdrop, DEFAULT_STYLE, type PointRenderer, type PointStyle, type Rgb } from "./renderer";

export abstract class CanvasRenderer implements PointRenderer {
  abstract readonly kind: PointRenderer["kind"];
  protected style: PointStyle = DEFAULT_STYLE;
  private camera: CameraLike | null = null;
  private size = { cssWidth: 0, cssHeight: 0, pixelRatio: 1 };
  private readonly loop = new FrameLoop(() => this.render());

  picture(
    camera: CameraLike,
    cssWidth: number,
    cssHeight: number,
    pixelRatio: number,
    style: PointStyle,
  ): Promise<HTMLCanvasElement> {
    return this.still({ camera, cssWidth, cssHeight, pixelRatio }, style);
  }

  /** Draw now, without waiting for an animation frame. */
  render(): void | Promise<void> {
    if (this.camera === null || this.size.cssWidth <= 0 || this.size.cssHeight <= 0) return;
    return this.frame({ camera: this.camera, ...this.size });
  }

  /** Brings the scene up to date. */
  protected abstract apply(change: SceneChange): void;

  /** Puts one frame onto the canvas. */
  protected abstract frame(view: View): void | Promise<void>;

  /** One frame on a canvas of its own. */
  protected abstract still(view: View, style: PointStyle): Promise<HTMLCanvasElement>;

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

  setBackdrop(backdrop: Backdrop | null): void {
    this.change({ set: "setBackdrop", to: [backdrop] });
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

  dispose(): void {
    this.loop.stop();
  }

  protected redraw(): void {
    if (this.camera !== null) this.loop.request();
  }

  private change(change: SceneChange): void {
    this.apply(change);
    this.redraw();
  }
}
