// A scene and its frames without a GPU: decides what the loops of raster.ts draw, and keeps what can be
// used again. Runs in the worker of cpu.ts, or on the page for pictures and where workers are refused.

import { BackdropLevels } from "./backdrop";
import { type DeviceView, deviceView, type Layer, layers, type View } from "./look";
import { colorWords, mix, rgbaWord } from "./lut";
import { drawSquares, drawStamps, type Frame, makeFrame, type Paint } from "./raster";
import type { PointStyle } from "./renderer";
import { type DrawList, Scene } from "./scene";
import { makeStamps, reachOf, type Stamps } from "./stamps";

/** A frame as it travels: RGBA bytes with a border that is not to be shown. */
export interface Pixels {
  readonly buffer: ArrayBuffer;
  readonly width: number; // without the border
  readonly height: number;
  readonly border: number;
}

// A layer that blends more pixels than this on the screen is drawn as squares, five times as fast, to keep
// the plot moving; but only of points so small that one hardly sees the difference.
const MOST_DISC_PIXELS = 5e6;
const LARGEST_SQUARE = 5;

export class Rasterizer {
  private readonly words = new Map<string, Uint32Array>();
  private readonly stamps = new Map<string, Stamps>();

  private backdrop: BackdropLevels | null = null;

  constructor(readonly scene: Scene = new Scene()) {}

  /** Draw the scene; `buffer` of an earlier frame is used again when it fits. */
  frame(view: View, style: PointStyle, buffer?: ArrayBuffer): Pixels {
    const list = this.scene.drawList();
    const device = deviceView(view);
    const share = shareInView(list, device);
    const drawn = layers(list.counts, view, style).map((layer) => affordable(layer, list, share));
    const { width, height, scale, left, top } = device;
    const frame = makeFrame(width, height, borderFor(drawn), rgbaWord(style.background), buffer);
    this.drawBackdrop(frame, device, style);
    const placement = { xy: list.xy, classes: list.classes, scale, left, top };
    for (const layer of drawn) {
      const paint = this.paint(layer, list, style);
      if (layer.shape === "square" && layer.alpha === 1) {
        drawSquares(frame, placement, paint, layer.drawn, layer.size);
      } else {
        const stamps = this.stampsFor(layer, frame);
        drawStamps(frame, placement, paint, layer.drawn, stamps, rgbaWord(style.background));
      }
    }
    return { buffer: frame.words.buffer, width, height, border: frame.border };
  }

  private drawBackdrop(frame: Frame, device: DeviceView, style: PointStyle): void {
    const { backdrop } = this.scene;
    if (backdrop !== (this.backdrop?.backdrop ?? null)) {
      this.backdrop = backdrop && new BackdropLevels(backdrop);
    }
    this.backdrop?.draw(frame, device, style.backdropOpacity);
  }

  private paint(layer: Layer, list: DrawList, style: PointStyle): Paint {
    const { coloring } = this.scene;
    const { background, missing } = style;
    if (layer.flat === "background") return { codes: null, words: Uint32Array.of(rgbaWord(background)) };
    if (list.codes === null) {
      return { codes: null, words: Uint32Array.of(rgbaWord(mix(coloring.plain, background, layer.fade))) };
    }
    const key = [coloring.version, layer.fade, ...background, ...missing].join(" ");
    const words = kept(this.words, key, () => colorWords(coloring, missing, background, layer.fade));
    return { codes: list.codes, words };
  }

  private stampsFor(layer: Layer, frame: Frame): Stamps {
    const stride = frame.width + 2 * frame.border;
    const key = [layer.shape, layer.size, layer.alpha, layer.rim, stride].join(" ");
    return kept(this.stamps, key, () => makeStamps(layer, stride));
  }
}

/** A few of the latest are enough: sizes change while zooming, colors while a range is dragged. */
function kept<T>(cache: Map<string, T>, key: string, make: () => T): T {
  let value = cache.get(key);
  if (value === undefined) {
    if (cache.size >= 6) cache.clear();
    value = make();
    cache.set(key, value);
  }
  return value;
}

/** Which part of all points lies on the screen, from a sample of some 16 000. */
function shareInView(list: DrawList, { width, height, scale, left, top }: DeviceView): number {
  const step = Math.max(1, list.n >> 14);
  let sampled = 0;
  let inView = 0;
  for (let k = 0; k < list.n; k += step) {
    const x = list.xy[2 * k]! * scale + left;
    const y = top - list.xy[2 * k + 1]! * scale;
    sampled++;
    if (x >= 0 && x < width && y >= 0 && y < height) inView++;
  }
  return inView / Math.max(1, sampled);
}

function affordable(layer: Layer, list: DrawList, share: number): Layer {
  const pixels = share * list.counts[layer.drawn] * layer.size ** 2;
  if (layer.shape === "square" || layer.size > LARGEST_SQUARE || pixels <= MOST_DISC_PIXELS) return layer;
  return { ...layer, shape: "square", size: Math.round(layer.size), rim: 0 };
}

/** Twice the reach of the largest point: its center may be off the picture by one reach. */
function borderFor(drawn: Layer[]): number {
  const largest = drawn.reduce((size, layer) => Math.max(size, layer.size), 0);
  return Math.ceil((2 * reachOf(largest)) / 16) * 16; // in steps, so that buffers can be used again
}
