// What stands in the output when there is no viewer to show: one sentence and, where it helps, a button.

import type { Problem } from "./page";

export function card({ title, message }: Problem, retry?: () => void): HTMLElement {
  const box = document.createElement("div");
  box.className = "cxg-card";
  box.setAttribute("role", "alert");
  box.style.cssText =
    "display:flex;flex-wrap:wrap;gap:4px 12px;align-items:baseline;padding:12px 16px;" +
    "border:1px solid var(--jp-border-color1,#c9ccd2);border-radius:6px;color:var(--jp-ui-font-color1,#1f2430);" +
    "background:var(--jp-layout-color1,#fff);font:13px/1.5 var(--jp-ui-font-family,system-ui,sans-serif)";
  const strong = document.createElement("strong");
  strong.textContent = `${title}.`;
  const text = document.createElement("span");
  text.textContent = message;
  box.append(strong, " ", text);
  if (retry) {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = "Retry";
    button.addEventListener("click", retry);
    box.append(" ", button);
  }
  return box;
}
