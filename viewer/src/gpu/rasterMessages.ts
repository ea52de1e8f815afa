// What the page and the rasteriser's worker say to each other.

import type { View } from "./look";
import type { Pixels, Rasterizer } from "./rasterizer";
import type { PointStyle } from "./renderer";
import type { Scene } from "./scene";

type SetterName = "setPositions" | "setColors" | "setPalette" | "setRamp" | "setState" | "setOrder";

/** A change of the scene: the setter's name and its arguments. */
export type SceneChange = {
  [Name in SetterName]: { set: Name; to: Parameters<Scene[Name]> };
}[SetterName];

export interface FrameRequest {
  id: number;
  view: View;
  style: PointStyle;
  buffer?: ArrayBuffer | undefined; // of an earlier frame, to be used again
}

export type ToWorker = SceneChange | FrameRequest;

export type FromWorker = { id: "ready" } | { id: number; pixels: Pixels };

export function applyChange(raster: Rasterizer, change: SceneChange): void {
  // The union keeps name and arguments together; TypeScript cannot see it through the call.
  (raster.scene[change.set] as (...to: unknown[]) => void)(...change.to);
}
