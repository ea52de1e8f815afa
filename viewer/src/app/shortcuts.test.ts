import { describe, expect, it, vi } from "vitest";
import { type Commands, commandOf } from "./shortcuts";

const commands = new Proxy({} as Record<string, ReturnType<typeof vi.fn>>, {
  get: (made, name: string) => (made[name] ??= vi.fn()),
});
const press = (key: string, modifiers: Partial<KeyboardEvent> = {}) =>
  commandOf({
    ctrlKey: false,
    metaKey: false,
    altKey: false,
    shiftKey: false,
    ...modifiers,
    key,
  } as KeyboardEvent);

describe("keys", () => {
  it("undo and redo with Ctrl or ⌘", () => {
    press("z", { ctrlKey: true })?.(commands as unknown as Commands);
    expect(commands.undo).toHaveBeenCalledOnce();
    press("Z", { metaKey: true, shiftKey: true })?.(commands as unknown as Commands);
    press("y", { ctrlKey: true })?.(commands as unknown as Commands);
    expect(commands.redo).toHaveBeenCalledTimes(2);
  });

  it("leave the browser its own", () => {
    expect(press("l", { ctrlKey: true })).toBeNull();
    expect(press("p", { altKey: true })).toBeNull();
    expect(press("x")).toBeNull();
  });

  it("choose tools in either case", () => {
    press("R", { shiftKey: true })?.(commands as unknown as Commands);
    expect(commands.tool).toHaveBeenCalledWith("rectangle");
  });
});
