// How points look: sizes, shapes and layers. Both renderers draw exactly these layers, so that a plot
// looks the same on every machine.

import { type CameraLike, scaleOf } from "../lib/camera";
import type { PointStyle } from "./renderer";
import { CONTEXT_CLASS, type DrawList, type DrawnClass, HIGHLIGHTED_CLASS, SELECTED_CLASS } from "./scene";

/** Where one looks, and through what window. */
export interface View {
  camera: CameraLike;
  cssWidth: number;
  cssHeight: number;
  pixelRatio: number;
}

/** One sweep over the points of a class, in draw order. */
export interface Layer {
  drawn: DrawnClass;
  shape: "square" | "disc";
  size: number; // side or diameter in device pixels; whole for squares
  alpha: number; // 0–1
  fade: number; // 0–1, how far the colors are mixed with the background
  flat: "background" | null; // this color instead of the points' own
  rim: number; // 0–1, how far a disc's outermost pixel is mixed with the background
}

/** View → device pixels: px = x · scale + left, py = top - y · scale, from the top left, y downwards. */
export interface DeviceView {
  width: number;
  height: number;
  scale: number;
  left: number;
  top: number;
}

const LARGEST = 60; // device pixels; every GPU can draw points of 64
const SQUARE_UP_TO = 2; // device pixels: smaller discs would be a blur
const CONTEXT_SIZE = 0.6; // of a selected point's
const HIGHLIGHT_SIZE = 1.6;
const RIM = 0.65; // at its strongest
const RIM_FROM = 4; // CSS pixels of diameter; smaller points would be all rim
const RIM_FULL = 8;
const HALO = 1.25; // CSS pixels of background around the highlighted points

export function deviceView({ camera, cssWidth, cssHeight, pixelRatio }: View): DeviceView {
  const width = Math.max(1, Math.round(cssWidth * pixelRatio));
  const height = Math.max(1, Math.round(cssHeight * pixelRatio));
  const scale = scaleOf(camera.zoom, cssWidth, cssHeight) * pixelRatio;
  return { width, height, scale, left: width / 2 - camera.x * scale, top: height / 2 + camera.y * scale };
}

/**
 * Diameter in CSS pixels by density: n points over a square of `scale` CSS pixels. Half the density gives
 * 1.19 × the diameter, zooming in by 2 gives 1.41 ×: dense plots stay readable, sparse ones do not
 * become balloons.
 */
export function autoSize(n: number, scale: number): number {
  return Math.min(14, Math.max(1, 1.6 * (scale ** 2 / Math.max(1, n)) ** 0.25));
}

export function layers(counts: DrawList["counts"], view: View, style: PointStyle): Layer[] {
  const shown = counts[CONTEXT_CLASS] + counts[SELECTED_CLASS] + counts[HIGHLIGHTED_CLASS];
  const scale = scaleOf(view.camera.zoom, view.cssWidth, view.cssHeight);
  const { pointSize, diameter, sizeFactor } = style;
  const suiting = diameter === null ? autoSize(shown, scale) : Math.max(1, diameter * scale);
  const size = (pointSize === "auto" ? suiting : pointSize) * sizeFactor;
  const ratio = view.pixelRatio;
  const { opacity, contextOpacity } = style;
  const list: Layer[] = [];
  if (counts[CONTEXT_CLASS] > 0) {
    // Faded, not transparent: overlapping context must not add up to full color again.
    const small = Math.max(1, size * CONTEXT_SIZE) * ratio;
    list.push({
      drawn: CONTEXT_CLASS,
      ...shaped(small),
      alpha: 1,
      fade: 1 - contextOpacity,
      flat: null,
      rim: 0,
    });
  }
  if (counts[SELECTED_CLASS] > 0) {
    const look = { ...shaped(size * ratio), alpha: opacity, fade: 0, flat: null, rim: rimOf(size) };
    list.push({ drawn: SELECTED_CLASS, ...look });
  }
  if (counts[HIGHLIGHTED_CLASS] > 0) {
    const large = Math.max(3, size * HIGHLIGHT_SIZE);
    const drawn = HIGHLIGHTED_CLASS;
    const halo = shaped((large + 2 * HALO) * ratio);
    list.push({ drawn, ...halo, alpha: 1, fade: 0, flat: "background", rim: 0 });
    list.push({ drawn, ...shaped(large * ratio), alpha: 1, fade: 0, flat: null, rim: 0 });
  }
  return list;
}

/** Large discs get a lighter edge, so that those that overlap can be told apart. */
function rimOf(size: number): number {
  return RIM * Math.min(1, Math.max(0, (size - RIM_FROM) / (RIM_FULL - RIM_FROM)));
}

function shaped(size: number): { shape: Layer["shape"]; size: number } {
  if (size <= SQUARE_UP_TO) return { shape: "square", size: Math.max(1, Math.round(size)) };
  return { shape: "disc", size: Math.min(LARGEST, size) };
}
