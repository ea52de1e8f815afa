// The widget's traits (jupyter_cxg/notebook/traits.py) as messages to the viewer, and back. Every view
// of a widget has one Traits; they share the model, and through its `state` what is shown.

import type { Action } from "../state/actions";
import { sameJson } from "../state/actions";
import type { GeneSet, LabelColorsOfColumn, ViewState } from "../state/state";
import type { Model } from "./anywidget";
import type { FromViewer, Progress, ToViewer } from "./messages";

/** What all views of one widget show alike; camera, sidebars, tool and open lists are each view's own. */
const SHARED = [
  "embedding",
  "color",
  "filters",
  "subset",
  "selections",
  "clip",
  "centroids",
  "genes",
  "palette",
  "reversed",
  "colorRanges",
  "labelColors",
  "theme",
  "scatter",
  "panels",
] as const;

interface Asked {
  seq: number;
  action: Action;
}

/** The traits that the viewer writes. */
interface Heard {
  ready: boolean;
  state: ViewState;
  _selection_bits: DataView;
  _selection_count: number;
  _gene_sets: GeneSet[];
  _annotations: { name: string; categories: string[]; width: number; codes: DataView }[];
  _label_colors: LabelColorsOfColumn[];
  _done: number;
  _error: string;
  _server: string;
}

// One entry per widget. Of several views only the first connected one hears what Python asks for: the others
// see the outcome in `state`, and a tick box toggled twice would be back where it was.
const views = new Map<string, Traits[]>();

export class Traits {
  /** The whole view as this viewer last said it. */
  state: Partial<ViewState>;
  private connected = false;
  private asked = 0; // seq of the last action sent
  private readonly sentCells = new Set<string>();
  private readonly listeners: [string, () => void][];

  constructor(
    private readonly model: Model,
    private readonly send: (message: ToViewer, transfer?: Transferable[]) => void,
  ) {
    this.state = model.get<Partial<ViewState>>("state") ?? {};
    this.listeners = [
      ["change:state", () => this.sendState()],
      ["change:_cells", () => this.sendCells()],
      ["change:_actions", () => this.sendActions()],
      ["change:_progress", () => this.sendProgress()],
    ];
    for (const [event, listener] of this.listeners) model.on(event, listener);
    views.set(this.id, [...(views.get(this.id) ?? []), this]);
  }

  /** A viewer is there and knows nothing yet but the state it was welcomed with. */
  connect(): void {
    this.connected = true;
    this.asked = this.done;
    this.sentCells.clear();
    this.sendCells();
    this.sendActions();
    if (this.model.get<Progress>("_progress")) this.sendProgress();
  }

  disconnect(): void {
    this.connected = false;
    this.first?.sendActions();
  }

  dispose(): void {
    for (const [event, listener] of this.listeners) this.model.off(event, listener);
    this.disconnect();
    const others = (views.get(this.id) ?? []).filter((view) => view !== this);
    if (others.length > 0) views.set(this.id, others);
    else views.delete(this.id);
  }

  /** What the viewer said, as traits. */
  hear(message: FromViewer): void {
    if (message.type === "state") this.state = message.state;
    const traits = traitsOf(message);
    if (!traits) return;
    if (traits._done !== undefined) traits._done = Math.max(traits._done, this.done);
    this.save(traits);
  }

  /** The kernel cannot know by what address people reach it. */
  tellServer(url: string): void {
    if (this.model.get<string | null>("_server") !== url) this.save({ _server: url });
  }

  private get id(): string {
    return this.model.get<string>("_snapshot");
  }

  private get done(): number {
    return this.model.get<number | null>("_done") ?? 0;
  }

  private get first(): Traits | undefined {
    return views.get(this.id)?.find((view) => view.connected);
  }

  private save(traits: Partial<Heard>): void {
    try {
      for (const [name, value] of Object.entries(traits)) this.model.set(name, value);
      this.model.save_changes();
    } catch (error) {
      // The kernel is gone. The viewer does not need it; what it says just stays here.
      console.debug("jupyter_cxg: the kernel did not hear the viewer.", error);
    }
  }

  /** `state` changes when another view speaks, and comes back as an echo of our own. */
  private sendState(): void {
    const state = this.model.get<Partial<ViewState>>("state") ?? {};
    const news = SHARED.filter((key) => state[key] !== undefined && !sameJson(state[key], this.state[key]));
    if (news.length === 0) return;
    const changes = Object.fromEntries(news.map((key) => [key, state[key]]));
    this.state = { ...this.state, ...changes };
    if (this.connected) this.send({ type: "setState", state: changes });
  }

  private sendCells(): void {
    if (!this.connected) return;
    const cells = this.model.get<Record<string, DataView> | null>("_cells") ?? {};
    for (const [key, view] of Object.entries(cells)) {
      if (this.sentCells.has(key)) continue;
      this.sentCells.add(key);
      const bits = copyOf(view);
      this.send({ type: "cells", key, bits }, [bits]);
    }
  }

  private sendActions(): void {
    if (!this.connected || this.first !== this) return;
    const since = Math.max(this.asked, this.done);
    const waiting = (this.model.get<Asked[] | null>("_actions") ?? []).filter(({ seq }) => seq > since);
    const last = waiting.at(-1);
    if (!last) return;
    this.asked = last.seq;
    // The same complaint twice in a row must be a change both times.
    if (this.model.get<string>("_error")) this.save({ _error: "" });
    // A set of cells made in Python is in another trait, which may be told after this one.
    this.sendCells();
    this.send({ type: "actions", seq: last.seq, actions: waiting.map(({ action }) => action) });
  }

  private sendProgress(): void {
    if (this.connected)
      this.send({ type: "progress", progress: this.model.get<Progress>("_progress") ?? null });
  }
}

function traitsOf(message: FromViewer): Partial<Heard> | null {
  switch (message.type) {
    case "ready":
      return { ready: true };
    case "state":
      return { state: message.state };
    case "selection":
      // No bits: no filter, so all cells.
      return {
        _selection_bits: new DataView(message.bits ?? new ArrayBuffer(0)),
        _selection_count: message.bits ? message.count : -1,
      };
    case "geneSets":
      return { _gene_sets: message.sets };
    case "annotations":
      return {
        _annotations: message.columns.map(({ codes, ...column }) => ({
          ...column,
          codes: new DataView(codes),
        })),
      };
    case "labelColors":
      return { _label_colors: message.columns };
    case "done":
      return { _done: message.seq };
    case "error":
      return { _error: message.message };
    default:
      return null;
  }
}

function copyOf(view: DataView | ArrayBuffer): ArrayBuffer {
  if (view instanceof ArrayBuffer) return view.slice(0);
  return new Uint8Array(view.buffer, view.byteOffset, view.byteLength).slice().buffer;
}
