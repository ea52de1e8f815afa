// A scene and its frames without a GPU: decides what the loops of raster.ts draw, and keeps what can be
// used again. Runs in the worker of cpu.ts, or on the page for pictures and where workers are refused.

import { deviceView, type Layer, layers, type View } from "./look";
import { colorWords, rgbaWord } from "./lut";
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

/** Shaded pixels per layer: beyond this, squares instead of discs keep a frame below some 50 ms. */
const MOST_DISC_PIXELS = 16e6;

export class Rasterizer {
  private readonly words = new Map<number, { key: string; words: Uint32Array }>(); // by fade
  private readonly stamps = new Map<string, Stamps>();

  constructor(readonly scene: Scene = new Scene()) {}

  /** Draw the scene; `buffer` of an earlier frame is used again when it fits. */
  frame(view: View, style: PointStyle, buffer?: ArrayBuffer): Pixels {
    const list = this.scene.drawList();
    const drawn = layers(list.counts, view, style).map((layer) => affordable(layer, list));
    const { width, height, scale, left, top } = deviceView(view);
    const frame = makeFrame(width, height, borderFor(drawn), rgbaWord(style.background), buffer);
    const placement = { xy: list.xy, classes: list.classes, scale, left, top };
    for (const layer of drawn) {
      const paint = this.paint(layer, list, style);
      if (layer.shape === "square" && layer.alpha === 1) {
        drawSquares(frame, placement, paint, layer.drawn, layer.size);
      } else {
        drawStamps(frame, placement, paint, layer.drawn, this.stampsFor(layer, frame));
      }
    }
    return { buffer: frame.words.buffer, width, height, border: frame.border };
  }

  private paint(layer: Layer, list: DrawList, style: PointStyle): Paint {
    if (layer.flat === "background") return { word: rgbaWord(style.background) };
    if (list.codes === null) return { words: this.wordsFor(layer, style).subarray(0, 1), codes: null };
    return { words: this.wordsFor(layer, style), codes: list.codes };
  }

  private stampsFor(layer: Layer, frame: Frame): Stamps {
    const stride = frame.width + 2 * frame.border;
    const key = [layer.shape, layer.size, layer.alpha, stride].join(" ");
    let stamps = this.stamps.get(key);
    if (stamps === undefined) {
      if (this.stamps.size > 8) this.stamps.clear(); // sizes change while zooming
      stamps = makeStamps(layer.shape, layer.size, layer.alpha, stride);
      this.stamps.set(key, stamps);
    }
    return stamps;
  }
}
