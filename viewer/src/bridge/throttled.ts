// A call that runs soon, and at most once per period, however often it is asked for.

export interface Throttled {
  (): void;
  cancel(): void;
}

export function throttled(periodMs: number, run: () => void): Throttled {
  let timer: ReturnType<typeof setTimeout> | null = null;
  let last = Number.NEGATIVE_INFINITY;
  const call = () => {
    if (timer !== null) return;
    const wait = Math.max(0, last + periodMs - performance.now());
    timer = setTimeout(() => {
      timer = null;
      last = performance.now();
      run();
    }, wait);
  };
  call.cancel = () => {
    if (timer !== null) clearTimeout(timer);
    timer = null;
  };
  return call;
}
