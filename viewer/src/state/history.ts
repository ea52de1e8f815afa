// The committed view and its past. A step is a change of what is shown; camera, sidebars, open lists,
// tool and theme are not steps: undo leaves them as they are.

import { type Action, apply, sameJson } from "./actions";
import { sourceId } from "./filters";
import type { ViewState } from "./state";

const STEP_KEYS = [
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
  "scatter",
  "panels",
  "pointSize",
  "opacity",
  "image",
  "figure",
  "groups",
  "comparisons",
] as const;
export type Step = Pick<ViewState, (typeof STEP_KEYS)[number]>;

/** A change of something that is not in the view, and is taken back with it: gene sets, annotations. */
export interface Beside {
  undo(): void;
  redo(): void;
}

/** What the view was before, and what else has changed since. */
interface Entry {
  step: Step;
  beside: Beside | null;
}

const MAX_STEPS = 100;
const SAME_GESTURE_MS = 800;

export class History {
  private past: Entry[] = [];
  private future: Entry[] = [];
  private gesture = { id: "", at: Number.NEGATIVE_INFINITY };

  constructor(private current: ViewState) {}

  get view(): ViewState {
    return this.current;
  }

  get canUndo(): boolean {
    return this.past.length > 0;
  }

  get canRedo(): boolean {
    return this.future.length > 0;
  }

  /** `now` in milliseconds: nudging one handle several times in a row is one step. */
  do(action: Action, now: number): ViewState {
    const next = apply(this.current, action);
    const before = stepOf(this.current);
    if (!sameJson(before, stepOf(next))) {
      const id = gestureOf(action);
      const continued = id !== "" && id === this.gesture.id && now - this.gesture.at < SAME_GESTURE_MS;
      if (!continued) this.push({ step: before, beside: null });
      this.gesture = { id, at: now };
      this.future = [];
    }
    this.current = next;
    return next;
  }

  /** A change beside the view that has just been made, together with what it does to the view. */
  record(beside: Beside, changes: Partial<ViewState> = {}): ViewState {
    this.push({ step: stepOf(this.current), beside });
    this.gesture = { id: "", at: Number.NEGATIVE_INFINITY };
    this.future = [];
    return this.amend(changes);
  }

  /** A change that nobody asked for and nobody wants to undo: defaults, unknown names dropped. */
  amend(changes: Partial<ViewState>): ViewState {
    this.current = apply(this.current, { type: "setState", state: changes });
    return this.current;
  }

  undo(): ViewState {
    const entry = this.past.pop();
    if (!entry) return this.current;
    this.future.push({ ...entry, step: stepOf(this.current) });
    this.restore(entry.step);
    entry.beside?.undo();
    return this.current;
  }

  redo(): ViewState {
    const entry = this.future.pop();
    if (!entry) return this.current;
    this.past.push({ ...entry, step: stepOf(this.current) });
    this.restore(entry.step);
    entry.beside?.redo();
    return this.current;
  }

  private push(entry: Entry): void {
    this.past = [...this.past, entry].slice(-MAX_STEPS);
  }

  private restore(step: Step): void {
    this.gesture = { id: "", at: Number.NEGATIVE_INFINITY };
    // Through the action, which brings the camera home when the embedding is another.
    const moved =
      step.embedding === this.current.embedding
        ? this.current
        : { ...this.current, camera: { x: 0.5, y: 0.5, zoom: 1 } };
    this.current = apply(moved, { type: "setState", state: step });
  }
}

export function stepOf(view: ViewState): Step {
  return Object.fromEntries(STEP_KEYS.map((key) => [key, view[key]])) as unknown as Step;
}

/** Actions with the same non-empty id, one right after the other, are one gesture. */
function gestureOf(action: Action): string {
  if (action.type === "setPoints" || action.type === "setImage") return action.type;
  if (action.type === "setFigure") return Object.keys(action.changes).join(" ");
  if (action.type === "setLabelColor") return `color ${action.column}/${action.label}`;
  if (action.type === "setColorRange") return `colors ${sourceId(action.source)}`;
  if (action.type === "setRange") return sourceId(action.source);
  // The two clicks of a double click come first as two toggles.
  if (action.type === "toggleCategory" || action.type === "onlyCategory") {
    return `${action.column}/${action.value}`;
  }
  return "";
}
