// The committed view and its past. A step is a change of what is shown; camera, sidebars, open lists,
// tool and theme are not steps: undo leaves them as they are.

import { type Action, apply, sameJson } from "./actions";
import type { ViewState } from "./state";

const STEP_KEYS = ["embedding", "color", "filters", "genes", "palette"] as const;
type Step = Pick<ViewState, (typeof STEP_KEYS)[number]>;

const MAX_STEPS = 100;
const SAME_GESTURE_MS = 800;

export class History {
  private past: Step[] = [];
  private future: Step[] = [];
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
      if (!continued) this.past = [...this.past, before].slice(-MAX_STEPS);
      this.gesture = { id, at: now };
      this.future = [];
    }
    this.current = next;
    return next;
  }

  /** A change that nobody asked for and nobody wants to undo: defaults, unknown names dropped. */
  amend(changes: Partial<ViewState>): ViewState {
    this.current = apply(this.current, { type: "setState", state: changes });
    return this.current;
  }

  undo(): ViewState {
    const step = this.past.pop();
    if (!step) return this.current;
    this.future.push(stepOf(this.current));
    return this.restore(step);
  }

  redo(): ViewState {
    const step = this.future.pop();
    if (!step) return this.current;
    this.past.push(stepOf(this.current));
    return this.restore(step);
  }

  private restore(step: Step): ViewState {
    this.gesture = { id: "", at: Number.NEGATIVE_INFINITY };
    // Through the action, which brings the camera home when the embedding is another.
    const moved =
      step.embedding === this.current.embedding
        ? this.current
        : { ...this.current, camera: { x: 0.5, y: 0.5, zoom: 1 } };
    this.current = apply(moved, { type: "setState", state: step });
    return this.current;
  }
}

function stepOf(view: ViewState): Step {
  return Object.fromEntries(STEP_KEYS.map((key) => [key, view[key]])) as unknown as Step;
}

/** Actions with the same non-empty id, one right after the other, are one gesture. */
function gestureOf(action: Action): string {
  return action.type === "setRange" ? `${action.source.kind}/${action.source.name}` : "";
}
