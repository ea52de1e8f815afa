import { useLayoutEffect, useSyncExternalStore } from "react";
import type { Theme } from "../bridge/messages";
import { useView } from "../features/useViewer";

export type ShownTheme = "light" | "dark";

const systemDark = window.matchMedia("(prefers-color-scheme: dark)");

function onSystemTheme(listener: () => void): () => void {
  systemDark.addEventListener("change", listener);
  return () => systemDark.removeEventListener("change", listener);
}

/** The theme of the view; "auto" is that of the page around, else that of the system. */
export function useTheme(hostTheme: Theme): ShownTheme {
  const chosen = useView((view) => view.theme);
  const dark = useSyncExternalStore(onSystemTheme, () => systemDark.matches);
  const shown = chosen !== "auto" ? chosen : (hostTheme ?? (dark ? "dark" : "light"));
  useLayoutEffect(() => {
    document.documentElement.dataset.theme = shown;
  }, [shown]);
  return shown;
}
