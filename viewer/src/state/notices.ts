// Sentences for the user, newest last. One that is said again is not shown twice: it moves to the end.

import type { AppStore } from "./store";

const MAX_SHOWN = 4;

export function addNotice(store: AppStore, message: string, details?: string[]): void {
  store.setState(({ notices }) => {
    const id = Math.max(0, ...notices.map((notice) => notice.id)) + 1;
    const others = notices.filter((notice) => notice.message !== message);
    return { notices: [...others, { id, message, details }].slice(-MAX_SHOWN) };
  });
}

export function dropNotice(store: AppStore, id: number): void {
  store.setState(({ notices }) => ({ notices: notices.filter((notice) => notice.id !== id) }));
}
