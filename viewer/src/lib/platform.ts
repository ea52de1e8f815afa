/** The key that goes with Z for undo, as this machine's keyboard names it. */
export const COMMAND_KEY = /Mac|iPhone|iPad/.test(navigator.platform) ? "⌘" : "Ctrl";
