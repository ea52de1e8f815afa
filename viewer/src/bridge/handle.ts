// The handle below the viewer that changes its height: by pointer, and by the arrow keys.

const MIN_HEIGHT = 240;
const STEP = 20;

export function heightHandle(box: HTMLElement, onHeight: (height: number) => void): HTMLElement {
  const handle = document.createElement("div");
  handle.setAttribute("role", "separator");
  handle.setAttribute("aria-orientation", "horizontal");
  handle.setAttribute("aria-label", "Height of the viewer");
  handle.setAttribute("aria-valuemin", String(MIN_HEIGHT));
  handle.tabIndex = 0;
  handle.style.cssText =
    "height:8px;cursor:ns-resize;touch-action:none;border-radius:0 0 6px 6px;" +
    "background:linear-gradient(var(--jp-border-color1,#c9ccd2),var(--jp-border-color1,#c9ccd2)) center/32px 2px no-repeat";

  const set = (height: number): number => {
    const whole = Math.max(MIN_HEIGHT, Math.round(height));
    box.style.height = `${whole}px`;
    handle.setAttribute("aria-valuenow", String(whole));
    return whole;
  };
  handle.addEventListener("pointerdown", (down) => {
    const start = box.offsetHeight - down.clientY;
    // Captured, or the frame above would swallow the pointer.
    handle.setPointerCapture(down.pointerId);
    const move = (event: PointerEvent) => set(start + event.clientY);
    handle.addEventListener("pointermove", move);
    handle.addEventListener(
      "lostpointercapture",
      () => {
        handle.removeEventListener("pointermove", move);
        onHeight(box.offsetHeight);
      },
      { once: true },
    );
  });
  handle.addEventListener("keydown", (event) => {
    const step = { ArrowUp: -STEP, ArrowDown: STEP }[event.key];
    if (step === undefined) return;
    event.preventDefault();
    event.stopPropagation(); // the notebook would move to another cell
    onHeight(set(box.offsetHeight + step));
  });
  return handle;
}
