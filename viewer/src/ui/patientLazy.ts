// React.lazy for parts that are loaded when they are first needed: if the server is away just then, it is asked again
// until it is back. React itself would remember the failure for as long as the page lives.

import { type ComponentType, type LazyExoticComponent, lazy } from "react";

const TRIES = 20; // about two minutes
const PAUSE = (attempt: number): number => Math.min(500 * 2 ** attempt, 8000); // ms

type Module<P> = { default: ComponentType<P> };

export function patientLazy<P>(load: () => Promise<Module<P>>): LazyExoticComponent<ComponentType<P>> {
  return lazy(() => patiently(load));
}

export async function patiently<T>(load: () => Promise<T>, pause = PAUSE): Promise<T> {
  for (let attempt = 0; ; attempt++) {
    try {
      return await load();
    } catch (cause) {
      if (attempt + 1 >= TRIES) {
        throw new Error("it is not on the server any more. Reload the page.", { cause });
      }
      await new Promise((resolve) => setTimeout(resolve, pause(attempt)));
    }
  }
}
