// The picture that stays in the notebook: taken once the view has been still for a while.

const STILL_MS = 1500;

export interface Picture {
  png: ArrayBuffer;
  width: number; // CSS pixels; the PNG has twice as many
  height: number;
}

/** null: there is nothing to take a picture of. */
export type TakePicture = () => Promise<Picture | null>;

export class PictureTaker {
  private take: TakePicture | null = null;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private moves = 0;
  private disposed = false;

  constructor(private readonly onPicture: (picture: Picture) => void) {}

  use(take: TakePicture | null): void {
    this.take = take;
    this.moved();
  }

  /** Something that can be seen has changed. */
  moved(): void {
    this.moves += 1;
    clearTimeout(this.timer);
    if (!this.disposed && this.take) this.timer = setTimeout(() => void this.shoot(this.moves), STILL_MS);
  }

  dispose(): void {
    this.disposed = true;
    clearTimeout(this.timer);
  }

  private async shoot(moves: number): Promise<void> {
    try {
      const picture = await this.take?.();
      // Overtaken by a newer view: its own picture is due soon.
      if (picture && moves === this.moves && !this.disposed) this.onPicture(picture);
    } catch (error) {
      console.warn("jupyter_cxg: no picture of the view could be taken.", error);
    }
  }
}
