// Where WebGL draws: onto a canvas of its own, or, since browsers give only some sixteen contexts to all
// pages together, for several plots in turn onto one hidden canvas, from which each copies its frame.

export interface Surface {
  readonly gl: WebGL2RenderingContext;
  /** A frame of this many device pixels follows; its origin is the bottom left of the canvas. */
  begin(width: number, height: number): void;
  end(width: number, height: number): void;
  release(): void;
}

export class OwnSurface implements Surface {
  constructor(
    private readonly canvas: HTMLCanvasElement,
    readonly gl: WebGL2RenderingContext,
  ) {}

  begin(width: number, height: number): void {
    resize(this.canvas, width, height);
  }

  end(): void {}

  release(): void {}
}

/** A frame on the canvas of `gl`, which others use too, then copied to a 2D canvas. */
export class SharedSurface implements Surface {
  constructor(
    private readonly target: HTMLCanvasElement,
    readonly gl: WebGL2RenderingContext,
    readonly release: () => void,
  ) {}

  begin(width: number, height: number): void {
    const { canvas } = this.gl;
    // It only grows: setting the size makes all its buffers anew.
    if (canvas.width < width) canvas.width = width;
    if (canvas.height < height) canvas.height = height;
  }

  end(width: number, height: number): void {
    const { canvas } = this.gl;
    resize(this.target, width, height);
    const context = this.target.getContext("2d", { alpha: false });
    context?.drawImage(canvas, 0, canvas.height - height, width, height, 0, 0, width, height);
  }
}

function resize(canvas: HTMLCanvasElement, width: number, height: number): void {
  if (canvas.width !== width) canvas.width = width;
  if (canvas.height !== height) canvas.height = height;
}
