// The page's URL follows the view, and the view follows a URL that somebody pastes.

import type { ViewState } from "./state";
import { FRAGMENT_PREFIX, toFragment } from "./url";
import { type Validated, validState } from "./validate";

const DELAY_MS = 300; // browsers refuse more than about a hundred changes in 30 s

export interface Fragment {
  /** What the page was opened with. */
  readonly initial: Validated;
  /** Writes this view soon. */
  write(view: ViewState): void;
  /** Writes what is waiting now, before the page goes. */
  flush(): void;
  dispose(): void;
}

/** `onPaste` is called with a fragment that did not come from `write`. */
export function pageFragment(onPaste: (pasted: Validated) => void): Fragment {
  const page = typeof window === "undefined" ? null : window;
  let waiting: ViewState | null = null;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let last = page?.location.hash ?? "";

  const flush = () => {
    clearTimeout(timer);
    timer = undefined;
    if (!waiting || !page) return;
    last = toFragment(waiting);
    waiting = null;
    page.history.replaceState(null, "", last);
  };
  const onHashChange = () => {
    if (!page || page.location.hash === last) return;
    last = page.location.hash;
    onPaste(fromFragment(last));
  };
  page?.addEventListener("hashchange", onHashChange);
  return {
    initial: fromFragment(last),
    write(view) {
      waiting = view;
      timer ??= setTimeout(flush, DELAY_MS);
    },
    flush,
    dispose() {
      clearTimeout(timer);
      page?.removeEventListener("hashchange", onHashChange);
    },
  };
}

/** Without a state of ours the fragment is somebody else's, and ignored with a word about it. */
export function fromFragment(fragment: string): Validated {
  if (fragment === "" || fragment === "#") return { state: {}, problems: [] };
  if (!fragment.startsWith(FRAGMENT_PREFIX)) {
    return { state: {}, problems: ["The link's fragment is not a view of this viewer and was ignored."] };
  }
  try {
    return validState(JSON.parse(decodeURIComponent(fragment.slice(FRAGMENT_PREFIX.length))));
  } catch {
    return { state: {}, problems: ["The link's view is damaged and was ignored."] };
  }
}
