// When frames are drawn: the first at once, then at most one per animation frame, always of the latest request.

const HIDDEN_MS = 250; // a page that is not visible gets no animation frames: draw a little later then

/** Calls back on the next animation frame, or soon if none comes; returns how to call it off. */
export function nextFrame(callback: () => void): () => void {
  const done = () => {
    cancel();
    callback();
  };
  const frame = requestAnimationFrame(done);
  const timer = setTimeout(done, HIDDEN_MS);
  const cancel = () => {
    cancelAnimationFrame(frame);
    clearTimeout(timer);
  };
  return cancel;
}

export class FrameLoop {
  private wanted = false;
  private first = true;
  private busy = false;
  private stopped = false;
  private cancel: () => void = () => {};
  private waiting: (() => void)[] = [];

  /** `draw` puts one frame on the screen; while it works, any number of requests become one more frame. */
  constructor(private readonly draw: () => void | Promise<void>) {}

  request(): void {
    if (this.wanted || this.stopped) return;
    this.wanted = true;
    if (!this.busy) this.schedule();
  }

  /** Resolves when no frame is wanted or being drawn. */
  settled(): Promise<void> {
    if (!this.wanted && !this.busy) return Promise.resolve();
    return new Promise((resolve) => this.waiting.push(resolve));
  }

  stop(): void {
    this.stopped = true;
    this.wanted = false;
    this.cancel();
    this.release();
  }

  private schedule(): void {
    if (!this.first) {
      this.cancel = nextFrame(() => void this.run());
      return;
    }
    // A page that is still being laid out may have to wait long for its first animation frame.
    this.first = false;
    queueMicrotask(() => {
      if (!this.stopped) void this.run();
    });
  }

  private async run(): Promise<void> {
    this.wanted = false;
    this.busy = true;
    try {
      await this.draw();
    } finally {
      this.busy = false;
      if (this.wanted) this.schedule();
      else this.release();
    }
  }

  private release(): void {
    const waiting = this.waiting;
    this.waiting = [];
    for (const resolve of waiting) resolve();
  }
}
