// One IFrame with a viewer in it, and the talk with it. The frame's origin is opaque: only `source` tells who
// speaks, and after the first word all goes through a port that nobody else holds.

import { type FromViewer, type HostWelcome, PROTOCOL, type ToViewer } from "./messages";

export interface FrameEvents {
  /** The page in the frame is alive; again when the browser has loaded it anew. */
  onHello(): Pick<HostWelcome, "theme" | "state">;
  onMessage(message: FromViewer): void;
}

export class Frame {
  readonly element: HTMLIFrameElement;
  private port: MessagePort | null = null;
  private readonly closed = new AbortController();

  constructor(
    url: string,
    title: string,
    private readonly events: FrameEvents,
  ) {
    this.element = document.createElement("iframe");
    this.element.title = title;
    this.element.src = url;
    // "*": the frame's own origin is opaque and has no name.
    this.element.allow = "clipboard-write *; fullscreen *";
    this.element.style.cssText = "display:block;width:100%;height:100%;border:0;visibility:hidden";
    window.addEventListener("message", this.onWindowMessage, { signal: this.closed.signal });
  }

  send(message: ToViewer, transfer: Transferable[] = []): void {
    this.port?.postMessage(message, transfer);
  }

  dispose(): void {
    this.closed.abort();
    this.port?.close();
    this.element.remove();
  }

  private readonly onWindowMessage = (event: MessageEvent<unknown>): void => {
    const { source, origin, data } = event;
    if (source !== this.element.contentWindow || origin !== "null" || !isHello(data)) return;
    this.port?.close();
    const { port1, port2 } = new MessageChannel();
    this.port = port1;
    port1.onmessage = ({ data }: MessageEvent<unknown>) => {
      if (isMessage(data)) this.events.onMessage(data);
    };
    const welcome: HostWelcome = { cxg: "welcome", protocol: PROTOCOL, ...this.events.onHello() };
    // An opaque origin has no name that could be given here; the sender has just been checked.
    this.element.contentWindow?.postMessage(welcome, "*", [port2]);
    this.element.style.visibility = "";
  };
}

function isHello(data: unknown): boolean {
  const hello = data as { cxg?: unknown; protocol?: unknown } | null;
  return hello?.cxg === "hello" && hello.protocol === PROTOCOL;
}

function isMessage(data: unknown): data is FromViewer {
  return typeof (data as { type?: unknown } | null)?.type === "string";
}
