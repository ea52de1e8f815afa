// Keeps a renderer at what the store says. React only mounts it: no frame waits for a render.

import type { StoreApi } from "zustand/vanilla";
import { layoutKey, obsKey } from "../../data/keys";
import { HIGHLIGHTED, type PointRenderer } from "../../gpu/renderer";
import { type CameraLike, type Projection, projection } from "../../lib/camera";
import { type NearestGrid, nearestGrid, nearestPoint } from "../../lib/nearest";
import { embeddingOf, type PointColors, pointColors } from "../../state/selectors";
import type { AppState, EmbeddingColumn, Viewer } from "../../state/viewer";
import type { Transient } from "../useViewer";
import type { PlotStyle } from "./pointStyle";

const COMMIT_DELAY = 200; // ms of rest before a moved camera becomes part of the view state

export class Plot {
  width = 1;
  height = 1;
  camera: CameraLike;
  /** The embedding whose points are drawn; the old one until the new one is here. */
  embedding: EmbeddingColumn | null = null;

  private pixelRatio = 1;
  private committed: CameraLike;
  private commitTimer = 0;
  private colors: PointColors | null = null;
  private stateVersion = -1;
  private highlight: Transient["highlight"] = null;
  private nearest: NearestGrid | null = null;
  private style: PlotStyle | null = null;
  private readonly listeners = new Set<() => void>();
  private readonly unsubscribe: (() => void)[];

  constructor(
    readonly viewer: Viewer,
    private readonly transient: StoreApi<Transient>,
    public renderer: PointRenderer,
  ) {
    this.committed = viewer.store.getState().view.camera;
    this.camera = this.committed;
    this.unsubscribe = [
      viewer.store.subscribe(() => this.update()),
      transient.subscribe(() => this.update()),
    ];
  }

  setStyle(style: PlotStyle): void {
    this.style = style;
    this.renderer.setStyle(style);
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
    renderer.resize(this.width, this.height, this.pixelRatio);
    if (this.style) this.setStyle(this.style);
  }

  get projection(): Projection {
    return projection(this.camera, this.width, this.height);
  }

  /** Moves the camera now; the view state follows when it rests. */
  setCamera(camera: CameraLike): void {
    this.camera = camera;
    this.moved();
    window.clearTimeout(this.commitTimer);
    this.commitTimer = window.setTimeout(() => {
      this.committed = { ...camera };
      this.viewer.do({ type: "setCamera", camera: this.committed });
    }, COMMIT_DELAY);
  }

  /** The point at most `radius` CSS pixels from here, or -1. */
  pointAt(px: number, py: number, radius: number): number {
    if (!this.embedding) return -1;
    this.nearest ??= nearestGrid(this.embedding.x, this.embedding.y);
    const [x, y] = this.projection.toData(px, py);
    return nearestPoint(this.nearest, x, y, radius / this.projection.scale);
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
        if (!this.embedding && !(state.dataset && embeddingOf(state) === null)) return;
        stop();
        resolve();
      };
      const stop = store.subscribe(check);
      check();
    });
    await this.renderer.settled();
  }

  dispose(): void {
    window.clearTimeout(this.commitTimer);
    for (const stop of this.unsubscribe) stop();
    this.listeners.clear();
    this.renderer.dispose();
  }

  private moved(): void {
    if (this.embedding) this.renderer.draw(this.camera);
    for (const listener of this.listeners) listener();
  }

  private update(): void {
    const state = this.viewer.store.getState();
    const changed = [
      this.updatePositions(state),
      this.updateColors(state),
      this.updatePointState(state),
      this.updateCamera(state),
    ];
    if (changed.some(Boolean)) this.moved();
  }

  private updatePositions(state: AppState): boolean {
    const name = embeddingOf(state);
    const column = name === null ? undefined : this.viewer.columns.get(layoutKey(name));
    if (column?.kind !== "embedding" || column === this.embedding) return false;
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
    const colors = pointColors(this.viewer, state.view);
    if (colors === this.colors) return false;
    this.colors = colors;
    this.renderer.setPalette(colors.palette);
    this.renderer.setRamp(colors.ramp);
    this.renderer.setOrder(colors.order);
    this.renderer.setColors(colors.codes, this.style.plain);
    return true;
  }

  private updatePointState(state: AppState): boolean {
    const { highlight } = this.transient.getState();
    if (!this.embedding) return false;
    if (state.version.points === this.stateVersion && highlight === this.highlight) return false;
    this.stateVersion = state.version.points;
    this.highlight = highlight;
    const points = this.viewer.counts.pointState();
    if (points.length !== this.embedding.x.length) return false;
    this.renderer.setState(this.withHighlight(points));
    return true;
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
    if (state.view.camera === this.committed) return false;
    this.committed = state.view.camera;
    this.camera = state.view.camera;
    window.clearTimeout(this.commitTimer);
    return true;
  }
}
