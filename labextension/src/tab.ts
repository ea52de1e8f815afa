// A viewer as the content of a tab. Host end of the bridge: what it says is in viewer/src/bridge/messages.ts.

import type { IThemeManager } from "@jupyterlab/apputils";
import type { Contents } from "@jupyterlab/services";
import type { Message } from "@lumino/messaging";
import { type ISignal, Signal } from "@lumino/signaling";
import { Widget } from "@lumino/widgets";
import { card } from "../../viewer/src/bridge/card";
import { Frame } from "../../viewer/src/bridge/frame";
import type { FromViewer, Theme } from "../../viewer/src/bridge/messages";
import type { ViewState } from "../../viewer/src/state/state";
import { type Address, pageUrl, portable } from "./address";

const RENEWAL_MS = 5000; // a frame that has just been renewed and has expired again will not do better

export interface TabOptions {
  /** Of the server; ends in "/". */
  base: string;
  contents: Contents.IManager;
  address: Address;
  /** What a screen reader says of the frame. */
  label: string;
  /** The two sentences of a viewer that could not be renewed. */
  lost: { title: string; message: string };
  themes: IThemeManager | null;
}

export class ViewerTab extends Widget {
  private frame: Frame | null = null;
  private view: Partial<ViewState> | null = null;
  private renewed = Number.NEGATIVE_INFINITY;
  private current: Address;
  private readonly viewMoved = new Signal<this, void>(this);
  private readonly sign = new Signal<this, void>(this);

  constructor(private readonly options: TabOptions) {
    super();
    this.current = options.address;
    this.addClass("jp-cxg-viewer");
    options.themes?.themeChanged.connect(this.onTheme, this);
    window.addEventListener("blur", this.onBlur);
  }

  /** What it shows; a file that is renamed keeps its viewer. */
  get address(): Address {
    return this.current;
  }

  set address(address: Address) {
    this.current = address;
    this.viewMoved.emit();
  }

  /** The view as the viewer last said it; null before that. */
  get state(): Partial<ViewState> | null {
    return this.view;
  }

  set state(state: Partial<ViewState> | null) {
    this.view = state;
    if (this.frame) this.load();
  }

  /** The view, or the address, is another one. */
  get changed(): ISignal<this, void> {
    return this.viewMoved;
  }

  /** The viewer is there, or has its first picture: the server knows of a new snapshot. */
  get alive(): ISignal<this, void> {
    return this.sign;
  }

  override dispose(): void {
    if (this.isDisposed) return;
    this.options.themes?.themeChanged.disconnect(this.onTheme, this);
    window.removeEventListener("blur", this.onBlur);
    this.frame?.dispose();
    Signal.clearData(this);
    super.dispose();
  }

  // Not before: Notebook 7 makes documents that it does not show, to open them in another page.
  protected override onAfterAttach(message: Message): void {
    super.onAfterAttach(message);
    if (!this.frame) this.load();
  }

  protected override onActivateRequest(message: Message): void {
    super.onActivateRequest(message);
    this.frame?.element.focus();
  }

  private load(): void {
    this.frame?.dispose();
    this.node.replaceChildren();
    const { base, label } = this.options;
    const frame = new Frame(pageUrl(base, this.local, this.view), label, {
      onHello: () => {
        this.sign.emit();
        return { theme: this.theme, state: this.view ?? {} };
      },
      onMessage: (message) => this.hear(message),
    });
    // It hides until the viewer says hello; a page that is no viewer (a refusal, a login) never does.
    frame.element.addEventListener("load", () => {
      frame.element.style.visibility = "";
    });
    this.frame = frame;
    this.node.append(frame.element);
  }

  /** The server knows nothing of JupyterLab's drives. */
  private get local(): Address {
    const { current, options } = this;
    return "path" in current ? { path: options.contents.localPath(current.path) } : current;
  }

  private hear(message: FromViewer): void {
    if (message.type === "state") {
      this.view = portable(message.state);
      this.viewMoved.emit();
    } else if (message.type === "ready") {
      this.sign.emit();
    } else if (message.type === "expired") {
      this.renew();
    }
  }

  private renew(): void {
    const again = performance.now() - this.renewed < RENEWAL_MS;
    this.renewed = performance.now();
    if (!again) {
      this.load();
      return;
    }
    this.frame?.dispose();
    this.node.replaceChildren(card(this.options.lost, () => this.load()));
  }

  private get theme(): Theme {
    const { themes } = this.options;
    if (!themes?.theme) return null;
    return themes.isLight(themes.theme) ? "light" : "dark";
  }

  private onTheme(): void {
    this.frame?.send({ type: "theme", theme: this.theme });
  }

  /** A click into a frame is told to the window alone; JupyterLab finds its current tab by events of focus. */
  private readonly onBlur = (): void => {
    const { element } = this.frame ?? {};
    if (element && document.activeElement === element) element.dispatchEvent(new FocusEvent("focus"));
  };
}
