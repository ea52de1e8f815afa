// Where the plot looks, and the way between data and screen. Data are in normalized coordinates: the
// embedding fills the unit square, y upwards. Screen is in CSS pixels from the plot's top left.

export interface CameraLike {
  x: number; // center, in normalized coordinates [0, 1], y upwards
  y: number;
  zoom: number; // 1 = the unit square fits the smaller side of the canvas, less a margin
}

/** Screen ↔ data, the same for both renderers and the lasso. */
export interface Projection {
  toScreen(x: number, y: number): [px: number, py: number]; // CSS pixels from the canvas's top left
  toData(px: number, py: number): [x: number, y: number];
  readonly scale: number; // CSS pixels per unit of data
}

export const HOME_CAMERA: Readonly<CameraLike> = { x: 0.5, y: 0.5, zoom: 1 };
export const MIN_ZOOM = 0.5;
export const MAX_ZOOM = 1e6; // no limit one meets: beyond, single-precision places are pixels apart

const MARGIN = 0.05; // of the smaller side, on each side
const OUTSIDE = 0.5; // how far the center may leave the unit square

/** CSS pixels per unit of data. */
export function scaleOf(zoom: number, cssWidth: number, cssHeight: number): number {
  return Math.max(1, Math.min(cssWidth, cssHeight)) * (1 - 2 * MARGIN) * zoom;
}

export function projection(camera: CameraLike, cssWidth: number, cssHeight: number): Projection {
  const scale = scaleOf(camera.zoom, cssWidth, cssHeight);
  const { x: centerX, y: centerY } = camera;
  return {
    scale,
    toScreen: (x, y) => [cssWidth / 2 + (x - centerX) * scale, cssHeight / 2 - (y - centerY) * scale],
    toData: (px, py) => [centerX + (px - cssWidth / 2) / scale, centerY - (py - cssHeight / 2) / scale],
  };
}

/** Zoom by a factor; what lies under the pixel (px, py) stays there. */
export function zoomAt(
  camera: CameraLike,
  px: number,
  py: number,
  factor: number,
  cssWidth: number,
  cssHeight: number,
): CameraLike {
  const zoom = clamp(camera.zoom * factor, MIN_ZOOM, MAX_ZOOM);
  const [x, y] = projection(camera, cssWidth, cssHeight).toData(px, py);
  const shrink = camera.zoom / zoom;
  return bounded(x + (camera.x - x) * shrink, y + (camera.y - y) * shrink, zoom);
}

/** Drag the plot by (dx, dy) CSS pixels: the data follow the pointer. */
export function panBy(
  camera: CameraLike,
  dx: number,
  dy: number,
  cssWidth: number,
  cssHeight: number,
): CameraLike {
  const scale = scaleOf(camera.zoom, cssWidth, cssHeight);
  return bounded(camera.x - dx / scale, camera.y + dy / scale, camera.zoom);
}

function bounded(x: number, y: number, zoom: number): CameraLike {
  return { x: clamp(x, -OUTSIDE, 1 + OUTSIDE), y: clamp(y, -OUTSIDE, 1 + OUTSIDE), zoom };
}

function clamp(value: number, low: number, high: number): number {
  return Math.min(high, Math.max(low, value));
}
