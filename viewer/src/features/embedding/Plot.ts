// Keeps a renderer at what the store says. React only mounts it: no frame waits for a render.

import type { StoreApi } from "zustand/vanilla";
import { obsKey } from "../../data/keys";
import { HIGHLIGHTED, type PointRenderer, SELECTED } from "../../gpu/renderer";
import { type CameraLike, HOME_CAMERA, type Projection, projection } from "../../lib/camera";
import { visibleOn } from "../../lib/contrast";
import { type NearestGrid, nearestGrid, nearestPoint } from "../../lib/nearest";
import { sameJson } from "../../state/actions";
import { imageOf, type Pixels } from "../../state/images";
import type { PointColors } from "../../state/selectors";
import type { AppState, Codes, EmbeddingColumn, Viewer } from "../../state/viewer";
import type { Transient } from "../useViewer";
import { linkedPlots, plotsOf } from "./plots";
import { type PlotView, panelView, pointsOf } from "./plotViews";
import type { PlotStyle } from "./pointStyle";

const COMMIT_DELAY = 200; // ms of rest before a moved camera becomes part of the view state

type Look = Pick<PlotStyle, "diameter" | "sizeFactor" | "opacity" | "backdropOpacity">;

interface Only {
  key: string;
  codes: Codes;
  code: number;
}

export class Plot {
  width = 1;
  height = 1;
  camera: CameraLike;
  /** The embedding whose points are drawn; the old one until the new one is here. */
  embedding: EmbeddingColumn | null = null;

  private pixelRatio = 1;
  private committed: CameraLike | null;
  private commitTimer = 0;
  private colors: PointColors | null = null;
  private stateVersion = -1;
  private highlight: Transient["highlight"] = null;
  private only: Only | null = null;
  private backdrop: Pixels | null = null;
  private nearest: NearestGrid | null = null;
  private style: PlotStyle | null = null;
  private look: Look | null = null; // what the view says of it, as the renderer was told
  private readonly listeners = new Set<() => void>();
  private readonly unsubscribe: (() => void)[];

  constructor(
    readonly viewer: Viewer,
    private readonly transient: StoreApi<Transient>,
    public renderer: PointRenderer,
    readonly shown: PlotView = panelView(0),
  ) {
    this.committed = shown.camera(viewer.store.getState().view);
    this.camera = this.committed ?? HOME_CAMERA;
    plotsOf(viewer).add(this);
    this.unsubscribe = [
      viewer.store.subscribe(() => this.update()),
      transient.subscribe(() => this.update()),
    ];
  }

  setStyle(style: PlotStyle): void {
    this.style = style;
    this.look = null;
    this.colors = null; // the plain color comes with the style
    this.update();
  }

  resize(width: number, height: number, pixelRatio: number): void {
    this.width = width;
    this.height = height;
    this.pixelRatio = pixelRatio;
    this.renderer.resize(width, height, pixelRatio);
    this.moved();
  }

  /** Goes on with another renderer, which is told everything; the old one is disposed of. */
  replaceRenderer(renderer: PointRenderer): void {
    this.renderer.dispose();
    this.renderer = renderer;
    this.embedding = null;
    this.backdrop = null;
    renderer.resize(this.width, this.height, this.pixelRatio);
    if (this.style) this.setStyle(this.style);
  }

  /** Size and opacity of the points as the view has them, for pictures in another style. */
  get pointLook(): Partial<PlotStyle> {
    return this.look ?? {};
  }

  get projection(): Projection {
    return projection(this.camera, this.width, this.height);
  }

  /** Moves the camera, and those linked with it, now; the view state follows when it rests. */
  setCamera(camera: CameraLike): void {
    this.follow(camera);
    for (const plot of linkedPlots(this)) plot.follow(camera);
    if (this.committed === null) return;
    this.commitTimer = window.setTimeout(() => {
      this.committed = { ...camera };
      const panels = this.shown.moving(this.viewer.store.getState());
      if (panels.length === 1 && panels[0] === 0)
        this.viewer.do({ type: "setCamera", camera: this.committed });
      else this.viewer.do({ type: "moveCameras", panels, camera: this.committed });
    }, COMMIT_DELAY);
  }

  /** The point at most `radius` CSS pixels from here, or -1. */
  pointAt(px: number, py: number, radius: number): number {
    if (!this.embedding) return -1;
    this.nearest ??= nearestGrid(this.embedding.x, this.embedding.y);
    const [x, y] = this.projection.toData(px, py);
    const inside = this.viewer.counts.inside() ?? undefined;
    return nearestPoint(this.nearest, x, y, radius / this.projection.scale, inside);
  }

  /** Called whenever the camera, the size or the embedding has changed. */
  onMoved = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  /** Resolves when the first points are on the screen, or it is known that there are none to draw. */
  async drawn(): Promise<void> {
    const { store } = this.viewer;
    await new Promise<void>((resolve) => {
      const check = (): void => {
        const state = store.getState();
        if (!this.embedding && !(state.dataset && this.shown.embedding(state) === null)) return;
        stop();
        resolve();
      };
      const stop = store.subscribe(check);
      check();
    });
    await this.renderer.settled();
  }

  dispose(): void {
    plotsOf(this.viewer).delete(this);
    window.clearTimeout(this.commitTimer);
    for (const stop of this.unsubscribe) stop();
    this.listeners.clear();
    this.renderer.dispose();
  }

  private follow(camera: CameraLike): void {
    this.camera = camera;
    window.clearTimeout(this.commitTimer);
    this.moved();
  }

  private moved(): void {
    if (this.embedding) this.renderer.draw(this.camera);
    for (const listener of this.listeners) listener();
  }

  private update(): void {
    const state = this.viewer.store.getState();
    const changed = [
      this.updateLook(state),
      this.updateBackdrop(state),
      this.updatePositions(state),
      this.updateColors(state),
      this.updatePointState(state),
      this.updateCamera(state),
    ];
    if (changed.some(Boolean)) this.moved();
  }

  private updateLook(state: AppState): boolean {
    const { pointSize, opacity, image } = state.view;
    const beneath = imageOf(state, this.shown.embedding(state));
    const look = {
      sizeFactor: pointSize,
      opacity,
      backdropOpacity: image.opacity,
      diameter: beneath?.spot ?? null,
    };
    if (!this.style || sameJson(look, this.look)) return false;
    this.look = look;
    this.renderer.setStyle({ ...this.style, ...look });
    return true;
  }

  private updateBackdrop(state: AppState): boolean {
    const image = state.view.image.shown ? imageOf(state, this.shown.embedding(state)) : null;
    const pixels = (image && this.viewer.images.get(image.name)) ?? null;
    if (pixels === this.backdrop || (pixels === null && this.backdrop === null)) return false;
    this.backdrop = pixels;
    this.renderer.setBackdrop(image && pixels && { ...pixels, box: image.box });
    return true;
  }

  private updatePositions(state: AppState): boolean {
    const column = pointsOf(this.shown, this.viewer, state);
    if (column === null || column === this.embedding) return false;
    const first = this.embedding === null || this.embedding.x.length !== column.x.length;
    this.embedding = column;
    this.nearest = null;
    this.renderer.setPositions(column.x, column.y);
    if (first) {
      this.colors = null;
      this.stateVersion = -1;
    }
    return true;
  }

  private updateColors(state: AppState): boolean {
    if (!this.embedding || !this.style) return false;
    const colors = this.shown.colors(this.viewer, state.view);
    if (colors === this.colors) return false;
    this.colors = colors;
    this.renderer.setPalette(visibleOn(colors.palette, this.style.background));
    this.renderer.setRamp(colors.ramp);
    this.renderer.setOrder(colors.order);
    this.renderer.setColors(colors.codes, this.style.plain);
    return true;
  }

  private updatePointState(state: AppState): boolean {
    const { highlight } = this.transient.getState();
    if (!this.embedding) return false;
    const only = this.onlyCode(state);
    const same = highlight === this.highlight && only?.key === this.only?.key;
    if (state.version.points === this.stateVersion && same) return false;
    this.stateVersion = state.version.points;
    this.highlight = highlight;
    this.only = only;
    const points = this.viewer.counts.pointState();
    if (points.length !== this.embedding.x.length) return false;
    this.renderer.setState(this.withOnly(this.withHighlight(points)));
    return true;
  }

  /** The code of the one category that is shown, once its column is here. */
  private onlyCode({ view }: AppState): Only | null {
    const only = this.shown.only(view);
    const column = only && this.viewer.columns.get(obsKey(only.column));
    if (!only || column?.kind !== "categorical") return null;
    const code = only.value === null ? -1 : column.categories.indexOf(only.value);
    return { key: JSON.stringify(only), codes: column.codes, code };
  }

  private withOnly(points: Uint8Array): Uint8Array {
    if (!this.only) return points;
    const { codes, code } = this.only;
    return points.map((bits, i) => (codes[i] === code ? bits : bits & ~(SELECTED | HIGHLIGHTED)));
  }

  private withHighlight(points: Uint8Array): Uint8Array {
    const column = this.highlight && this.viewer.columns.get(obsKey(this.highlight.column));
    if (!this.highlight || column?.kind !== "categorical") return points;
    const { code } = this.highlight;
    const marked = points.slice();
    for (let i = 0; i < marked.length; i++) if (column.codes[i] === code) marked[i]! |= HIGHLIGHTED;
    return marked;
  }

  private updateCamera(state: AppState): boolean {
    const camera = this.shown.camera(state.view);
    if (camera === null || camera === this.committed) return false;
    this.committed = camera;
    this.camera = camera;
    window.clearTimeout(this.commitTimer);
    return true;
  }
}

/** Where a plot has a cell; null: nowhere. */
export function placeOf({ embedding }: Plot, cell: number): [number, number] | null {
  const at: [number, number] = [embedding?.x[cell] ?? Number.NaN, embedding?.y[cell] ?? Number.NaN];
  return Number.isNaN(at[0] + at[1]) ? null : at;
}
