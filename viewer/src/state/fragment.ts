// The page's URL follows the view, and the view follows a URL that somebody pastes. Where the page is not in a
// frame, each step is an entry of the browser's history too, so that its back and forward go through the views.

import type { PageConfig } from "../api/types";
import { sameJson } from "./actions";
import { stepOf } from "./history";
import type { ViewState } from "./state";
import { FRAGMENT_PREFIX, toFragment } from "./url";
import { type Validated, validState } from "./validate";

const DELAY_MS = 300; // browsers refuse more than about a hundred changes in 30 s

/** `madeOn`: the revision of the dataset; null: the fragment has no view. */
export type Found = Validated & { madeOn: number | null };

export interface Fragment {
  /** What the page was opened with. */
  readonly initial: Found;
  /** Writes this view soon; `step`: the user has done something that back should take back. */
  write(view: ViewState, step?: boolean): void;
  /** Writes what is waiting now, before the page goes. */
  flush(): void;
  dispose(): void;
}

interface Listeners {
  /** A fragment that did not come from `write`. */
  onPaste(pasted: Found): void;
  /** The view of the entry that the browser's back or forward has gone to. */
  onTravel(view: Validated): void;
}

/** What an entry of the browser's history has: also what no URL can hold, such as sets of cells. */
interface Entry {
  cxg: ViewState;
}

export function pageFragment({ onPaste, onTravel }: Listeners): Fragment {
  const page = typeof window === "undefined" ? null : window;
  const alone = page !== null && page.parent === page; // in a frame, back belongs to the page around
  let waiting: ViewState | null = null;
  let stepped = false;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let last = page?.location.hash ?? "";

  const flush = () => {
    if (!waiting || !page) return;
    last = toFragment(waiting);
    const entry: Entry = { cxg: waiting };
    const before = entryOf(page.history.state);
    const isNew = alone && stepped && before !== null && !sameJson(stepOf(before), stepOf(waiting));
    if (isNew) page.history.pushState(entry, "", last);
    else page.history.replaceState(entry, "", last);
    waiting = null;
    stepped = false;
  };
  const onPopState = ({ state }: PopStateEvent) => {
    const view = entryOf(state);
    if (!page || !view) return; // somebody typed another fragment
    clearTimeout(timer);
    timer = undefined;
    waiting = null;
    stepped = false;
    last = page.location.hash;
    onTravel(validState(view));
  };
  const onHashChange = () => {
    if (!page || page.location.hash === last) return;
    last = page.location.hash;
    onPaste(fromFragment(last));
  };
  page?.addEventListener("popstate", onPopState);
  page?.addEventListener("hashchange", onHashChange);
  return {
    initial: fromFragment(last),
    write(view, step = false) {
      waiting = view;
      stepped ||= step;
      if (timer !== undefined) return;
      // The first change at once, or a page that is loaded again would have lost it; more of them together.
      queueMicrotask(flush);
      timer = setTimeout(() => {
        timer = undefined;
        flush();
      }, DELAY_MS);
    },
    flush,
    dispose() {
      clearTimeout(timer);
      page?.removeEventListener("popstate", onPopState);
      page?.removeEventListener("hashchange", onHashChange);
    },
  };
}

function entryOf(state: unknown): ViewState | null {
  const view = (state as Partial<Entry> | null)?.cxg;
  return typeof view === "object" ? view : null;
}

/** Without a state of ours the fragment is somebody else's, and ignored with a word about it. */
export function fromFragment(fragment: string): Found {
  if (fragment === "" || fragment === "#") return { state: {}, problems: [], madeOn: null };
  if (!fragment.startsWith(FRAGMENT_PREFIX)) {
    return nothing("The link's fragment is not a view of this viewer and was ignored.");
  }
  try {
    const given: unknown = JSON.parse(decodeURIComponent(fragment.slice(FRAGMENT_PREFIX.length)));
    const revision = (given as { revision?: unknown } | null)?.revision ?? 1; // what is as at first is left out
    return { ...validState(given), madeOn: Number.isInteger(revision) ? Number(revision) : null };
  } catch {
    return nothing("The link's view is damaged and was ignored.");
  }
}

const nothing = (problem: string): Found => ({ state: {}, problems: [problem], madeOn: null });

/** The fragment is the newer one: it is written from what the page's address began with. */
export function stateToBeginWith(fragment: Validated, config: PageConfig): Validated {
  if (Object.keys(fragment.state).length > 0) return fragment;
  const { state, problems } = validState(config.state ?? {});
  return { state, problems: [...fragment.problems, ...problems] };
}

/** Where the page shows this view; null outside of a page. */
export function addressOf(view: ViewState): string | null {
  const { location } = globalThis;
  return location ? location.href.split("#")[0] + toFragment(view) : null;
}
