// Sentences for the user, newest last; the same sentence is not shown twice.

import type { AppStore } from "./store";

const MAX_SHOWN = 4;

export function addNotice(store: AppStore, message: string): void {
  store.setState(({ notices }) => {
    if (notices.some((notice) => notice.message === message)) return {};
    const id = (notices.at(-1)?.id ?? 0) + 1;
    return { notices: [...notices, { id, message }].slice(-MAX_SHOWN) };
  });
}

export function dropNotice(store: AppStore, id: number): void {
  store.setState(({ notices }) => ({ notices: notices.filter((notice) => notice.id !== id) }));
}
