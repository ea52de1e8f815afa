// The WebGL2 renderer: a scene, a loop and one pass; after a loss of the context it starts over from the
// scene, which stays in memory.

import type { CameraLike } from "../lib/camera";
import { onContextLoss } from "./device";
import { deviceView, layers, type View } from "./look";
import { FrameLoop } from "./loop";
import { pixelsToCanvas } from "./paint";
import { PointsPass } from "./points";
import { Rasterizer } from "./rasterizer";
import { DEFAULT_STYLE, type PointRenderer, type PointStyle, type Rgb } from "./renderer";
import { Scene } from "./scene";

export class WebglRenderer implements PointRenderer {
  readonly kind = "webgl2";
  private readonly scene = new Scene();
  private readonly loop = new FrameLoop(() => this.render());
  private readonly forgetLoss: () => void;
  private pass: PointsPass | null; // null while the context is lost
  private style: PointStyle = DEFAULT_STYLE;
  private camera: CameraLike | null = null;
  private size = { cssWidth: 0, cssHeight: 0, pixelRatio: 1 };

  constructor(
    private readonly canvas: HTMLCanvasElement,
    gl: WebGL2RenderingContext,
  ) {
    this.pass = gl.isContextLost() ? null : new PointsPass(gl);
    this.forgetLoss = onContextLoss(
      canvas,
      () => {
        this.pass = null;
      },
      () => {
        this.pass = new PointsPass(gl);
        this.redraw();
      },
    );
  }

  setPositions(x: Float32Array, y: Float32Array): void {
    this.scene.setPositions(x, y);
    this.redraw();
  }

  setColors(codes: Uint16Array | null, plain: Rgb): void {
    this.scene.setColors(codes, plain);
    this.redraw();
  }

  setPalette(rgb: Uint8Array): void {
    this.scene.setPalette(rgb);
    this.redraw();
  }

  setRamp(range: { low: number; high: number } | null): void {
    this.scene.setRamp(range);
    this.redraw();
  }

  setState(state: Uint8Array): void {
    this.scene.setState(state);
    this.redraw();
  }

  setOrder(order: "random" | "value"): void {
    this.scene.setOrder(order);
    this.redraw();
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
    // Drawn by the CPU: the same layers, no size limit of a GPU, and also while the context is lost.
    const view = { camera, cssWidth, cssHeight, pixelRatio };
    return pixelsToCanvas(new Rasterizer(this.scene).frame(view, style));
  }

  dispose(): void {
    this.loop.stop();
    this.forgetLoss();
    // The context itself stays with the canvas: a later renderer on the same canvas gets the same one.
    this.pass?.dispose();
    this.pass = null;
  }

  /** Draw now, without waiting for an animation frame. */
  render(): void {
    if (this.camera === null || this.pass === null || this.size.cssWidth <= 0 || this.size.cssHeight <= 0) {
      return;
    }
    const view: View = { camera: this.camera, ...this.size };
    const device = deviceView(view);
    if (this.canvas.width !== device.width || this.canvas.height !== device.height) {
      this.canvas.width = device.width;
      this.canvas.height = device.height;
    }
    const list = this.scene.drawList();
    const drawn = layers(list.counts, view, this.style);
    this.pass.draw(list, this.scene.coloring, drawn, device, this.camera, this.style);
  }

  private redraw(): void {
    if (this.camera !== null) this.loop.request();
  }
}
