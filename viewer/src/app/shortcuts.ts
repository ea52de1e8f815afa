import { useEffect, useRef } from "react";

export interface Commands {
  find(): void;
  tool(tool: "lasso" | "rectangle" | "pan"): void;
  zoom(direction: 1 | -1): void;
  home(): void;
  toggleCells(): void;
  toggleGenes(): void;
  toggleDock(): void;
  label(): void;
  subset(): void;
  resetSubset(): void;
  invert(): void;
  names(): void;
  undo(): void;
  redo(): void;
  keys(): void;
  views(): void;
  /** True: there was something to back out of. */
  escape(): boolean;
}

/** The key as a command; null: the key is not ours. */
export function commandOf(event: KeyboardEvent): ((commands: Commands) => unknown) | null {
  if (event.ctrlKey || event.metaKey) {
    const key = event.key.toLowerCase();
    if (key === "z") return (to) => (event.shiftKey ? to.redo() : to.undo());
    if (key === "y") return (to) => to.redo();
    return null;
  }
  if (event.altKey) return null;
  return KEYS[event.key] ?? KEYS[event.key.toLowerCase()] ?? null;
}

const KEYS: Record<string, (commands: Commands) => unknown> = {
  "/": (to) => to.find(),
  l: (to) => to.tool("lasso"),
  r: (to) => to.tool("rectangle"),
  p: (to) => to.tool("pan"),
  "+": (to) => to.zoom(1),
  "=": (to) => to.zoom(1),
  "-": (to) => to.zoom(-1),
  "0": (to) => to.home(),
  "[": (to) => to.toggleCells(),
  "]": (to) => to.toggleGenes(),
  a: (to) => to.label(),
  s: (to) => to.subset(),
  S: (to) => to.resetSubset(),
  i: (to) => to.invert(),
  t: (to) => to.names(),
  d: (to) => to.toggleDock(),
  v: (to) => to.views(),
  "?": (to) => to.keys(),
};

/** Where letters are text, or already mean something: fields, menus, lists. */
function isTaken(target: EventTarget | null): boolean {
  return (
    target instanceof Element &&
    target.closest('input:not([type="checkbox"]), textarea, [role="menu"], [role="listbox"]') !== null
  );
}

/** The viewer's keys. The viewer is a page of its own, so they work only while it has the focus. */
export function useShortcuts(commands: Commands): void {
  const latest = useRef(commands);
  latest.current = commands;
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent): void => {
      if (event.defaultPrevented) return;
      if (event.key === "Escape") {
        if (latest.current.escape()) event.preventDefault();
        return;
      }
      const command = isTaken(event.target) ? null : commandOf(event);
      if (!command) return;
      event.preventDefault();
      command(latest.current);
    };
    window.addEventListener("keydown", onKeyDown);
    return () => window.removeEventListener("keydown", onKeyDown);
  }, []);
}
