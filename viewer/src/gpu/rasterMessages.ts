// What the page and the rasteriser's worker say to each other.

import type { View } from "./look";
import type { Pixels } from "./rasterizer";
import type { PointStyle } from "./renderer";
import type { Scene } from "./scene";

type SetterName =
  | "setPositions"
  | "setColors"
  | "setPalette"
  | "setRamp"
  | "setState"
  | "setOrder"
  | "setBackdrop";

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

/** Each message is about one of the worker's scenes, which begins with the first word about it. */
export type ToWorker = { scene: number } & (SceneChange | FrameRequest | { closed: true });

export type FromWorker = { id: "ready" } | { id: number; pixels: Pixels };

export function applyChange(scene: Scene, change: SceneChange): void {
  // The union keeps name and arguments together; TypeScript cannot see it through the call.
  (scene[change.set] as (...to: unknown[]) => void).apply(scene, change.to);
}
