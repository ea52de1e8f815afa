import { useCallback, useEffect, useState } from "react";

export interface Asked<T> {
  /** null: not here yet, or there is an error. */
  found: T | null;
  error: string | null;
  retry(): void;
}

/** What the server is asked once a component shows it; `ask` is another function when the question is another. */
export function useAsked<T>(ask: (() => Promise<T>) | null): Asked<T> {
  const [answer, setAnswer] = useState<{ ask: unknown; found: T | null; error: string | null } | null>(null);
  const [attempt, setAttempt] = useState(0);
  // biome-ignore lint/correctness/useExhaustiveDependencies: attempt asks again
  useEffect(() => {
    if (!ask) return;
    let here = true;
    setAnswer(null);
    ask().then(
      (found) => here && setAnswer({ ask, found, error: null }),
      (error: unknown) => {
        const message = error instanceof Error ? error.message : String(error);
        if (here) setAnswer({ ask, found: null, error: message });
      },
    );
    return () => {
      here = false;
    };
  }, [ask, attempt]);
  const retry = useCallback(() => setAttempt((count) => count + 1), []);
  const mine = answer?.ask === ask ? answer : null;
  return { found: mine?.found ?? null, error: mine?.error ?? null, retry };
}
