import { useCallback, useEffect, useState } from "react";
import { formatMoment } from "../../lib/format";
import type { Annotations, HistoryDoc } from "../../state/annotations";
import { BusyLine } from "../../ui/BusyLine";
import { TextButton } from "../../ui/Button";
import { Problem } from "../../ui/Problem";
import { Skeleton } from "../../ui/Skeleton";
import styles from "./annotate.module.css";
import { useAnnotationsState } from "./useAnnotations";

const SHOWN = 200; // edits at first

/** Without a login a browser is known by letters that tell nobody anything. */
const nameOf = (who: string): string => (who.startsWith("visitor:") ? "visitor" : who);

/** Every edit with who and when; each can be gone back to. */
export function HistoryList({ annotations }: { annotations: Annotations }) {
  const { saved, unsaved, status } = useAnnotationsState();
  const [found, setFound] = useState<HistoryDoc | null>(null);
  const [error, setError] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const [shown, setShown] = useState(SHOWN);

  const attempt = useCallback(async (work: () => Promise<void>) => {
    setBusy(true);
    setError(null);
    try {
      await work();
    } catch (problem) {
      setError(problem instanceof Error ? problem.message : String(problem));
    } finally {
      setBusy(false);
    }
  }, []);
  const load = useCallback(
    () => attempt(async () => setFound(await annotations.history())),
    [attempt, annotations],
  );
  // biome-ignore lint/correctness/useExhaustiveDependencies: after each save there is one more line
  useEffect(() => void load(), [load, saved]);

  const restore = (version: number): void => {
    void attempt(async () => {
      await annotations.restore(version, found?.version ?? 0);
      setFound(await annotations.history());
    });
  };
  if (error) return <Problem message={error} onRetry={() => void load()} />;
  if (!found) return <Skeleton height={18} width="60%" />;
  if (found.history.length === 0) {
    return (
      <p className={styles.now}>
        Nothing yet: select cells and choose “Label…” below the plot. Every change is kept here, and can be
        taken back.
      </p>
    );
  }
  const blocked = busy || unsaved > 0 || status !== "saved";
  return (
    <>
      <BusyLine label={busy ? "Asking for the history" : null} />
      <ol className={styles.lines}>
        {found.history.slice(0, shown).map(({ version, at, who, what }) => (
          <li key={version} className={styles.line}>
            <time className={styles.when} dateTime={at} title={new Date(at).toLocaleString()}>
              {formatMoment(at)}
            </time>
            <span className={styles.who} title={who}>
              {nameOf(who)}
            </span>
            <span className={styles.what}>{what}</span>
            {version === found.version ? (
              <span className={styles.now}>now</span>
            ) : (
              <TextButton
                look="link"
                aria-label={`Restore version ${version}`}
                isDisabled={blocked}
                onPress={() => restore(version)}
              >
                Restore
              </TextButton>
            )}
          </li>
        ))}
      </ol>
      {found.history.length > shown && (
        <TextButton look="link" onPress={() => setShown(shown + SHOWN)}>
          Show older ones
        </TextButton>
      )}
    </>
  );
}
