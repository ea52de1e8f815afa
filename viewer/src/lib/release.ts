// Memory given back at once. A browser looks for garbage when it runs short by its own count, and in a worker
// that rests it never does: large arrays that nobody needs any more would stay for minutes.

/** Frees what lies behind an array, which is empty from then on; nothing where the browser cannot. */
export function release(array: ArrayBufferView | null | undefined): void {
  const buffer = array?.buffer;
  if (buffer instanceof ArrayBuffer && !buffer.detached) buffer.transfer?.(0);
}

const MUCH = 2 ** 28; // bytes, of which none is ever touched

/**
 * Makes this thread look for garbage: what came in messages is kept until then. Browsers do so when an array is
 * made that is large for what they hold, and say nothing of another way.
 */
export function collectGarbage(): void {
  try {
    release(new Uint8Array(MUCH));
  } catch {
    // no room even for a promise: then the browser has looked by itself
  }
}
