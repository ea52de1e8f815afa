// The notebook's end of the bridge, an anywidget module: opens the viewer in an IFrame and
// connects it with the widget's traits. The viewer itself comes from the notebook's server.

import { toFragment } from "../state/url";
import type { Model, RenderProps } from "./anywidget";
import { card } from "./card";
import { Frame } from "./frame";
import { heightHandle } from "./handle";
import type { FromViewer } from "./messages";
import { baseUrl, NO_SERVER, type Problem, pageTheme, problemWith, watchTheme } from "./page";
import { Traits } from "./traits";

const PATIENCE_MS = 15_000;
const RENEWAL_MS = 5000; // a frame that has just been renewed and has expired again will not do better

const SILENT: Problem = {
  title: "The viewer does not answer",
  message: "The server may be busy or not reachable.",
};
const NOT_RENEWED: Problem = {
  title: "This view has expired and could not be renewed",
  message: "Reload the page, or run the cell again.",
};
const SLOW: Problem = { title: "The viewer is still opening", message: "It may wait for its data." };

class View {
  private readonly box = document.createElement("div");
  private readonly traits: Traits;
  private readonly closed = new AbortController();
  private frame: Frame | null = null;
  private shown: HTMLElement | null = null; // a card
  private said = { hello: false, ready: false };
  private patience: ReturnType<typeof setTimeout> | undefined;
  private renewed = Number.NEGATIVE_INFINITY;

  constructor(
    private readonly model: Model,
    private readonly el: HTMLElement,
    private readonly base: string,
  ) {
    this.traits = new Traits(model, (message, transfer) => this.frame?.send(message, transfer));
    this.traits.tellServer(new URL(base, document.location.href).href);
    const { signal } = this.closed;
    this.box.style.cssText = "width:100%;overflow:hidden";
    this.box.style.height = `${model.get<number>("_height")}px`;
    const handle = heightHandle(this.box, (height) => this.remember(height));
    el.append(this.box, handle);
    signal.addEventListener(
      "abort",
      watchTheme((theme) => this.frame?.send({ type: "theme", theme })),
    );
    this.listen("change:_revision", () => this.open());
    this.listen("change:_title", () => this.frame?.element.setAttribute("title", this.title));
    this.listen("change:_height", () => {
      this.box.style.height = `${model.get<number>("_height")}px`;
    });
    this.open();
  }

  dispose(): void {
    this.closed.abort();
    clearTimeout(this.patience);
    this.traits.dispose();
    this.frame?.dispose();
    this.el.replaceChildren();
  }

  private get title(): string {
    return `cxg viewer of ${this.model.get<string>("_title")}`;
  }

  private get id(): string {
    return this.model.get<string>("_snapshot");
  }

  /** A new frame, with what the last one showed. The server is asked at the same time whether it can. */
  private open(): void {
    this.close();
    const url = `${this.base}cxg/d/${this.id}/${toFragment(this.traits.state)}`;
    const frame = new Frame(url, this.title, {
      onHello: () => {
        this.hello();
        return { theme: pageTheme(), state: this.traits.state };
      },
      onMessage: (message) => this.hear(message),
    });
    this.frame = frame;
    this.box.append(frame.element);
    void problemWith(this.base, this.id, this.closed.signal).then((problem) => {
      if (problem && this.frame === frame && !this.said.hello) this.give(problem);
    });
    this.wait();
  }

  private close(): void {
    clearTimeout(this.patience);
    this.traits.disconnect();
    this.frame?.dispose();
    this.frame = null;
    this.shown?.remove();
    this.shown = null;
    this.said = { hello: false, ready: false };
    this.box.style.display = "";
  }

  private hello(): void {
    this.said = { hello: true, ready: false };
    this.shown?.remove();
    this.shown = null;
    this.box.style.display = "";
    clearTimeout(this.patience);
    this.wait();
    this.whenInPage(() => this.emit("cxg-render", {}));
    // After the welcome, which is sent when this returns.
    queueMicrotask(() => this.traits.connect());
  }

  private renew(): void {
    const again = performance.now() - this.renewed < RENEWAL_MS;
    this.renewed = performance.now();
    if (again) this.give(NOT_RENEWED, () => this.open());
    else this.open();
  }

  private hear(message: FromViewer): void {
    if (message.type === "expired") {
      this.renew();
      return;
    }
    if (message.type === "ready" || message.type === "error") {
      this.said.ready = true; // whatever is wrong, the viewer says it itself
      clearTimeout(this.patience);
      this.shown?.remove();
      this.shown = null;
    }
    if (message.type === "picture") {
      const { png, width, height } = message;
      void toBase64(png).then((text) => this.emit("cxg-picture", { png: text, width, height }));
    }
    this.traits.hear(message);
  }

  /** Time runs only while somebody could see the viewer: hidden frames are not drawn. */
  private wait(since = performance.now()): void {
    this.patience = setTimeout(() => {
      const visible = document.visibilityState === "visible" && this.box.offsetParent !== null;
      if (!visible) this.wait();
      else if (performance.now() - since < PATIENCE_MS) this.wait(since);
      else if (!this.said.hello) this.give(SILENT, () => this.open());
      else this.show(SLOW, () => this.open());
    }, 1000);
  }

  /** Instead of the frame: a frame that shows nothing helps nobody. */
  private give(problem: Problem, retry?: () => void): void {
    this.close();
    this.box.style.display = "none";
    this.show(problem, retry);
  }

  private show(problem: Problem, retry?: () => void): void {
    this.shown?.remove();
    this.shown = card(problem, retry);
    this.el.prepend(this.shown);
  }

  private remember(height: number): void {
    this.model.set("_height", height);
    try {
      this.model.save_changes();
    } catch {
      // no kernel: this view has its height all the same
    }
  }

  private listen(event: string, callback: () => void): void {
    this.model.on(event, callback);
    this.closed.signal.addEventListener("abort", () => this.model.off(event, callback));
  }

  /** To the labextension, which keeps the picture in the notebook. */
  private emit(name: "cxg-render" | "cxg-picture", detail: object): void {
    this.el.dispatchEvent(new CustomEvent(name, { bubbles: true, composed: true, detail }));
  }

  /** Events of an element outside of the page bubble to nobody. */
  private whenInPage(run: () => void): void {
    if (this.closed.signal.aborted) return;
    if (this.el.isConnected) run();
    else requestAnimationFrame(() => this.whenInPage(run));
  }
}

function toBase64(bytes: ArrayBuffer): Promise<string> {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(String(reader.result).replace(/^[^,]*,/, ""));
    reader.onerror = () => reject(reader.error);
    reader.readAsDataURL(new Blob([bytes]));
  });
}

function render({ model, el, signal }: RenderProps): (() => void) | undefined {
  const base = baseUrl();
  if (base === null) {
    el.append(card(NO_SERVER));
    return undefined;
  }
  const view = new View(model, el, base);
  signal?.addEventListener("abort", () => view.dispose(), { once: true });
  return () => view.dispose();
}

export default { render };
