// The viewer's end of the bridge: says hello to the page around it, then tells what the user does and
// does what the notebook asks for. Without such a page the viewer works alone.

import { packBits } from "../lib/bitset";
import { sameJson } from "../state/actions";
import { labelColorsOf } from "../state/shownLabelColors";
import type { ViewState } from "../state/state";
import { validAction, validState } from "../state/validate";
import type { Host, Viewer } from "../state/viewer";
import {
  type AnnotationMessage,
  type FromViewer,
  type HostWelcome,
  PROTOCOL,
  type Theme,
  type ToViewer,
} from "./messages";
import { PictureTaker, type TakePicture } from "./picture";
import { throttled } from "./throttled";

const STATE_MS = 100;
const ANNOTATIONS_MS = 500;

export interface HostLink extends Host {
  /** Begins to talk; `viewer` is the one that was created with this host. */
  attach(viewer: Viewer): void;
  /** The first picture is on the screen. */
  ready(): void;
  /** Called once the view has been still for a while; null: there is no plot at the moment. */
  onPicture(takePicture: TakePicture | null): void;
  onTheme(listener: (theme: Theme) => void): void;
  dispose(): void;
}

/** The page around this one; null when there is none. */
export function findHost(page: Window = window): HostLink | null {
  return page.parent === page ? null : new ViewerEnd(page);
}

class ViewerEnd implements HostLink {
  private viewer: Viewer | null = null;
  private port: MessagePort | null = null;
  private isReady = false;
  private onThemeChange: (theme: Theme) => void = () => {};
  private theme: Theme = null;
  private sentState: ViewState | null = null;
  private sentPoints = -1;
  private sentColors = ""; // as JSON
  private done = 0;
  private actions: Promise<void> = Promise.resolve();
  private readonly closed = new AbortController();
  private readonly sayState = throttled(STATE_MS, () => this.sendState());
  private readonly saySelection = throttled(STATE_MS, () => void this.sendSelection());
  private readonly sayGeneSets = throttled(STATE_MS, () => this.sendGeneSets());
  private readonly sayAnnotations = throttled(ANNOTATIONS_MS, () => this.sendAnnotations());
  private readonly sayColors = throttled(ANNOTATIONS_MS, () => this.sendColors());
  private readonly pictures = new PictureTaker((picture) =>
    this.send({ type: "picture", ...picture }, [picture.png]),
  );

  constructor(private readonly page: Window) {}

  attach(viewer: Viewer): void {
    this.viewer = viewer;
    const { signal } = this.closed;
    this.page.addEventListener("message", (event) => this.onWelcome(event), { signal });
    const stop = viewer.store.subscribe((state, before) => {
      if (state.view !== before.view) this.sayState();
      if (state.version.edits !== before.version.edits) this.sayAnnotations();
      if (
        state.view.labelColors !== before.view.labelColors ||
        state.dataset !== before.dataset ||
        state.columns !== before.columns
      ) {
        this.sayColors();
      }
      if (state.sets.list !== before.sets.list || state.sets.status !== before.sets.status)
        this.sayGeneSets();
      if (state.view !== before.view || state.version.points !== before.version.points) this.saySelection();
      if (state.server === "expired" && before.server !== "expired") this.reload();
      if (state.fatal && !before.fatal) this.send({ type: "error", message: state.fatal.message });
      if (
        state.view !== before.view ||
        state.columns !== before.columns ||
        state.version.points !== before.version.points
      ) {
        this.pictures.moved();
      }
    });
    signal.addEventListener("abort", stop);
    // Nothing secret is in it, and the page around has an origin that we need not know yet.
    this.page.parent.postMessage({ cxg: "hello", protocol: PROTOCOL }, "*");
  }

  ready(): void {
    this.isReady = true;
    this.send({ type: "ready" });
    this.pictures.moved();
  }

  onPicture(takePicture: TakePicture | null): void {
    this.pictures.use(takePicture);
  }

  onTheme(listener: (theme: Theme) => void): void {
    this.onThemeChange = listener;
    listener(this.theme);
  }

  reload(): void {
    this.sendState();
    // Alone in a frame that nobody answers for, the frame can at least load itself.
    if (this.port) this.send({ type: "expired" });
    else this.page.location.reload();
  }

  dispose(): void {
    this.closed.abort();
    this.sayState.cancel();
    this.saySelection.cancel();
    this.sayAnnotations.cancel();
    this.sayGeneSets.cancel();
    this.sayColors.cancel();
    this.pictures.dispose();
    this.port?.close();
  }

  private onWelcome(event: MessageEvent): void {
    const { data, source, origin, ports } = event;
    const port = ports[0];
    // The frame's own origin is opaque, but its URL has the one that the page around must have.
    if (source !== this.page.parent || origin !== this.page.location.origin) return;
    if (!isWelcome(data) || !port || this.port) return;
    this.port = port;
    port.onmessage = ({ data }: MessageEvent<unknown>) => {
      if (isMessage(data)) this.receive(data);
    };
    this.setTheme(data.theme);
    this.take(data.state, false);
    if (this.isReady) this.send({ type: "ready" });
    this.sayState();
    this.saySelection();
    this.sayAnnotations();
    this.sayGeneSets();
    this.sayColors();
  }

  private receive(message: ToViewer): void {
    const { viewer } = this;
    if (!viewer) return;
    switch (message.type) {
      case "setState":
        this.take(message.state, true);
        break;
      case "actions":
        this.actions = this.actions.then(() => this.perform(message.seq, message.actions));
        break;
      case "cells":
        viewer.keepCells(message.key, new Uint8Array(message.bits));
        break;
      case "theme":
        this.setTheme(message.theme);
        break;
      case "progress":
        viewer.setProgress(message.progress);
        break;
      case "revision":
        if (message.revision !== viewer.store.getState().view.revision) this.reload();
    }
  }

  private take(given: unknown, asStep: boolean): void {
    const { state, problems } = validState(given);
    for (const problem of problems) this.viewer?.notify(problem);
    const { viewer } = this;
    if (!viewer) return;
    // What is as it is already is an echo.
    const view = viewer.committed();
    const news = Object.entries(state).filter(
      ([key, value]) => !sameJson(view[key as keyof ViewState], value),
    );
    if (news.length > 0) viewer.do({ type: "setState", state: Object.fromEntries(news) }, asStep);
  }

  /** One after the other; when "done" is said, state and selection have been said before. */
  private async perform(seq: number, actions: unknown[]): Promise<void> {
    const { viewer } = this;
    if (!viewer || seq <= this.done) return;
    const said = Math.max(0, ...viewer.store.getState().notices.map((notice) => notice.id));
    for (const given of actions) {
      const action = validAction(given);
      const sets = givenSets(given);
      if (action) viewer.do(action);
      else if (sets) await viewer.sets.replace(sets);
      else viewer.notify("The notebook asked for something that this version of the viewer cannot do.");
    }
    await viewer.settled();
    this.sendState();
    this.sendGeneSets();
    this.sendColors();
    await this.sendSelection();
    const problems = viewer.store.getState().notices.filter((notice) => notice.id > said);
    if (problems.length > 0) {
      this.send({ type: "error", message: problems.map((notice) => notice.message).join(" ") });
    }
    this.done = seq;
    this.send({ type: "done", seq });
  }

  private sendState(): void {
    const view = this.viewer?.committed();
    // Before the dataset is known the view is a wish, not what is shown.
    if (!view || !this.port || !this.viewer?.store.getState().dataset) return;
    if (this.sentState && sameJson(this.sentState, view)) return;
    this.sentState = view;
    this.send({ type: "state", state: view });
  }

  private sendGeneSets(): void {
    const { list, status } = this.viewer?.store.getState().sets ?? { list: [], status: "loading" };
    if (status !== "loading") this.send({ type: "geneSets", sets: list });
  }

  private sendColors(): void {
    const { viewer } = this;
    if (!viewer || !this.port || !viewer.store.getState().dataset) return;
    const columns = labelColorsOf(viewer);
    const written = JSON.stringify(columns);
    if (written === this.sentColors) return;
    this.sentColors = written;
    this.send({ type: "labelColors", columns });
  }

  private sendAnnotations(): void {
    const { viewer } = this;
    const names = viewer?.annotations?.names() ?? [];
    // Before anything was annotated there is nothing to say.
    if (!viewer || !this.port || viewer.store.getState().version.edits === 0) return;
    const { revision } = viewer.committed();
    const columns = names.flatMap((name): AnnotationMessage[] => {
      const column = viewer.annotations?.values(name);
      if (!column) return [];
      const codes = column.codes.slice();
      const width = codes.BYTES_PER_ELEMENT as AnnotationMessage["width"];
      const buffer = codes.buffer as ArrayBuffer;
      return [{ name, categories: [...column.categories], width, codes: buffer, revision }];
    });
    this.send(
      { type: "annotations", columns },
      columns.map(({ codes }) => codes),
    );
  }

  private async sendSelection(): Promise<void> {
    const { viewer } = this;
    if (!viewer || !this.port) return;
    const exact = await viewer.settled();
    const { view, version, tally } = viewer.store.getState();
    const isPreview = view !== viewer.committed();
    if (!exact || isPreview || this.closed.signal.aborted) return;
    const none = view.filters.length === 0 && view.subset.length === 0;
    const key = none ? 0 : version.points + 1;
    if (key === this.sentPoints) return;
    this.sentPoints = key;
    if (none) {
      this.send({ type: "selection", bits: null, count: tally.total });
      return;
    }
    const bits = packBits(viewer.counts.selected()).buffer;
    this.send({ type: "selection", bits, count: tally.selected }, [bits]);
  }

  private setTheme(theme: Theme): void {
    this.theme = theme;
    this.onThemeChange(theme);
    this.pictures.moved();
  }

  private send(message: FromViewer, transfer: Transferable[] = []): void {
    this.port?.postMessage(message, transfer);
  }
}

function isWelcome(data: unknown): data is HostWelcome {
  const welcome = data as Partial<HostWelcome> | null;
  return welcome?.cxg === "welcome" && welcome.protocol === PROTOCOL;
}

/** What Python puts in the place of all gene sets: they are no part of the view, so this is no action of it. */
function givenSets(given: unknown): { name: string; genes: string[] }[] | null {
  const { type, sets } = (given ?? {}) as { type?: unknown; sets?: unknown };
  if (type !== "setGeneSets" || !Array.isArray(sets)) return null;
  const texts = (list: unknown) => Array.isArray(list) && list.every((text) => typeof text === "string");
  return sets.every((set) => typeof set?.name === "string" && texts(set.genes)) ? sets : null;
}

function isMessage(data: unknown): data is ToViewer {
  return typeof (data as { type?: unknown } | null)?.type === "string";
}
