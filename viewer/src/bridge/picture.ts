// The picture that stays in the notebook: taken once the view has been still for a while.

const STILL_MS = 1500;
const PIXEL_RATIO = 2;

export class PictureTaker {
  private take: (() => Promise<Blob>) | null = null;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private disposed = false;
  private movedSince = true;

  constructor(private readonly onPicture: (png: ArrayBuffer, width: number, height: number) => void) {}

  use(take: (() => Promise<Blob>) | null): void {
    this.take = take;
    this.moved();
  }

  /** Something that can be seen has changed. */
  moved(): void {
    this.movedSince = true;
    clearTimeout(this.timer);
    if (!this.disposed && this.take) this.timer = setTimeout(() => void this.shoot(), STILL_MS);
  }

  dispose(): void {
    this.disposed = true;
    clearTimeout(this.timer);
  }

  private async shoot(): Promise<void> {
    if (!this.take) return;
    this.movedSince = false;
    try {
      const blob = await this.take();
      const bitmap = await createImageBitmap(blob);
      const [width, height] = [bitmap.width / PIXEL_RATIO, bitmap.height / PIXEL_RATIO];
      bitmap.close();
      const png = await blob.arrayBuffer();
      // Overtaken by a newer view, whose picture is due soon.
      if (!this.movedSince && !this.disposed) this.onPicture(png, width, height);
    } catch (error) {
      console.warn("jupyter_cxg: no picture of the view could be taken.", error);
    }
  }
}
