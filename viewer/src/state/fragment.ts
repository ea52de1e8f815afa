// The page's URL follows the view, and the view follows a URL that somebody pastes.

import type { ViewState } from "./state";
import { fromFragment, toFragment } from "./url";
import type { Validated } from "./validate";

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
