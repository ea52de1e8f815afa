// The WebGL2 renderer: a scene and one pass on a surface; after a loss of the context it starts over from
// the scene, which stays in memory.

import { CanvasRenderer } from "./canvasRenderer";
import { onContextLoss } from "./device";
import { deviceView, layers, type View } from "./look";
import { pixelsToCanvas } from "./paint";
import { PointsPass } from "./points";
import { Rasterizer } from "./rasterizer";
import { applyChange, type SceneChange } from "./rasterMessages";
import type { PointStyle } from "./renderer";
import { Scene } from "./scene";
import type { Surface } from "./surface";

export class WebglRenderer extends CanvasRenderer {
  readonly kind = "webgl2";
  private readonly scene = new Scene();
  private readonly forgetLoss: () => void;
  private pass: PointsPass | null; // null while the context is lost

  constructor(private readonly surface: Surface) {
    super();
    const { gl } = surface;
    this.pass = gl.isContextLost() ? null : new PointsPass(gl);
    this.forgetLoss = onContextLoss(
      gl.canvas as HTMLCanvasElement,
      () => {
        this.pass = null;
      },
      () => {
        this.pass = new PointsPass(gl);
        this.redraw();
      },
    );
  }

  override dispose(): void {
    super.dispose();
    this.forgetLoss();
    // The context itself stays with its canvas: a later renderer on it gets the same one.
    this.pass?.dispose();
    this.pass = null;
    this.surface.release();
  }

  protected override apply(change: SceneChange): void {
    applyChange(this.scene, structuredClone(change)); // the caller may write into its arrays afterwards
  }

  protected override frame(view: View): void {
    if (this.pass === null) return;
    const device = deviceView(view);
    this.surface.begin(device.width, device.height);
    const list = this.scene.drawList();
    const drawn = layers(list.counts, view, this.style);
    this.pass.draw(list, this.scene, drawn, device, view.camera, this.style);
    this.surface.end(device.width, device.height);
  }

  protected override async still(view: View, style: PointStyle): Promise<HTMLCanvasElement> {
    // Drawn by the CPU: the same layers, no size limit of a GPU, and also while the context is lost.
    return pixelsToCanvas(new Rasterizer(this.scene).frame(view, style));
  }
}
