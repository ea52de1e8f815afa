// The server's numbers for a figure: asked for when the figure has been left alone for a moment, kept for
// when one comes back to it. The old ones stay until the new ones are here.

import { useEffect, useState } from "react";
import type { TableDoc } from "../../api/types";
import type { Viewer } from "../../state/viewer";
import { useViewer } from "../useViewer";

const REST_MS = 200;
const KEPT = 12;

const answers = new WeakMap<Viewer, Map<string, TableDoc>>();

export interface Answered {
  doc: TableDoc | null;
  key: string | null; // the question of `doc`
  busy: boolean;
  error: string | null;
  retry(): void;
}

/** `key` is the question as JSON; null: nothing is asked. */
export function useAnswer(key: string | null, question: object | null): Answered {
  const viewer = useViewer();
  const [found, setFound] = useState<{ key: string; doc: TableDoc } | null>(null);
  const [failed, setFailed] = useState<{ key: string; message: string } | null>(null);
  const [attempt, setAttempt] = useState(0);

  // biome-ignore lint/correctness/useExhaustiveDependencies: the key says what the question is; attempt asks again
  useEffect(() => {
    setFailed(null);
    if (key === null || question === null) return;
    const known = keptOf(viewer).get(key);
    if (known) {
      setFound({ key, doc: known });
      return;
    }
    const abort = new AbortController();
    const timer = setTimeout(() => {
      viewer.figure(question, abort.signal).then(
        (doc) => {
          keep(viewer, key, doc);
          if (!abort.signal.aborted) setFound({ key, doc });
        },
        (error: unknown) => {
          if (abort.signal.aborted) return;
          setFailed({
            key,
            message: error instanceof Error ? error.message : "The figure could not be made.",
          });
        },
      );
    }, REST_MS);
    return () => {
      clearTimeout(timer);
      abort.abort();
    };
  }, [viewer, key, attempt]);

  const error = failed !== null && failed.key === key ? failed.message : null;
  return {
    doc: found?.doc ?? null,
    key: found?.key ?? null,
    busy: key !== null && found?.key !== key && error === null,
    error,
    retry: () => setAttempt((count) => count + 1),
  };
}

function keptOf(viewer: Viewer): Map<string, TableDoc> {
  const kept = answers.get(viewer) ?? new Map<string, TableDoc>();
  answers.set(viewer, kept);
  return kept;
}

function keep(viewer: Viewer, key: string, doc: TableDoc): void {
  const kept = keptOf(viewer);
  kept.set(key, doc);
  for (const old of [...kept.keys()].slice(0, -KEPT)) kept.delete(old);
}
