// What the server tells by itself: a WebSocket that says its capability first (docs/api.md, "events"). It is
// open while somebody listens; where no socket gets through, whoever listens has to ask instead.

import type { EventDoc, PageConfig } from "./types";

export interface Events {
  /** Whether news come by themselves now. */
  readonly connected: boolean;
  listen(listener: (event: EventDoc) => void): () => void;
  dispose(): void;
}

const AGAIN_MS = [500, 2000, 8000, 30_000];
const OVER = 4000; // codes from here on: the server does not want us (docs/api.md)

export class SocketEvents implements Events {
  private readonly listeners = new Set<(event: EventDoc) => void>();
  private socket: WebSocket | null = null;
  private again: ReturnType<typeof setTimeout> | undefined;
  private failures = 0;
  connected = false;

  constructor(private readonly config: Pick<PageConfig, "root" | "capability">) {}

  listen(listener: (event: EventDoc) => void): () => void {
    this.listeners.add(listener);
    if (!this.socket && this.again === undefined) this.open();
    return () => {
      this.listeners.delete(listener);
      if (this.listeners.size === 0) this.dispose();
    };
  }

  dispose(): void {
    clearTimeout(this.again);
    this.again = undefined;
    this.failures = 0;
    this.connected = false;
    const { socket } = this;
    this.socket = null;
    socket?.close();
  }

  private open(): void {
    if (typeof WebSocket === "undefined") return;
    const url = new URL(`${this.config.root}events`, globalThis.location?.href);
    url.protocol = url.protocol.replace("http", "ws");
    const socket = new WebSocket(url);
    this.socket = socket;
    socket.onopen = () => socket.send(JSON.stringify({ capability: this.config.capability ?? "" }));
    socket.onmessage = ({ data }: MessageEvent<string>) => {
      this.connected = true; // not before: it may still hang up on us
      this.failures = 0;
      const event = JSON.parse(data) as EventDoc;
      for (const listener of this.listeners) listener(event);
    };
    socket.onclose = ({ code }) => {
      if (this.socket !== socket) return;
      this.socket = null;
      this.connected = false;
      if (code >= OVER || this.listeners.size === 0) return;
      const wait = AGAIN_MS[Math.min(this.failures++, AGAIN_MS.length - 1)];
      this.again = setTimeout(() => {
        this.again = undefined;
        this.open();
      }, wait);
    };
  }
}

/** Where nothing comes by itself. */
export const SILENT: Events = { connected: false, listen: () => () => {}, dispose: () => {} };
