import { useEffect, useRef, useState } from "react";
import { type Comparison, contentOf } from "../../state/comparing";
import { TextButton } from "../../ui/Button";
import { Late } from "../../ui/Late";
import { Problem } from "../../ui/Problem";
import { useSize } from "../../ui/useSize";
import { useApp, useView, useViewer } from "../useViewer";
import styles from "./compare.module.css";
import { Result } from "./Result";
import { ResultHead } from "./ResultHead";

const WIDE = 720; // CSS pixels: room for a volcano beside the table, or for two tables

/** The dock's tab: the table and the volcano of a comparison, or two tables side by side. */
export function CompareDock() {
  const comparisons = useView((view) => view.comparisons);
  const names = useView((view) => view.comparing.shown);
  const shown = names.flatMap((name) => comparisons.find((each) => each.name === name) ?? []);
  const box = useRef<HTMLDivElement>(null);
  const width = useSize(box)?.width ?? 0;
  const [pointed, setPointed] = useState<string | null>(null); // the gene under the pointer, in all tables
  if (shown.length === 0) return <Empty any={comparisons.length > 0} />;
  const several = shown.length > 1;
  return (
    <div ref={box} className={styles.dock} data-several={several}>
      {shown.map((comparison) => (
        <article key={contentOf(comparison)} className={styles.result} aria-label={comparison.name}>
          <ResultHead comparison={comparison} />
          <Body
            comparison={comparison}
            volcano={width >= WIDE && !several}
            pointed={pointed}
            onPoint={setPointed}
          />
        </article>
      ))}
    </div>
  );
}

function Empty({ any }: { any: boolean }) {
  return (
    <div className={styles.empty}>
      <p>
        <b>{any ? "No comparison is shown." : "Nothing compared yet."}</b>
      </p>
      <p>
        {any
          ? "Choose one in the list under “Compare”, in the right sidebar."
          : "Choose groups A and B under “Compare” in the right sidebar, or find the markers of every category there."}
      </p>
    </div>
  );
}

interface BodyProps {
  comparison: Comparison;
  volcano: boolean;
  pointed: string | null;
  onPoint(gene: string | null): void;
}

/** What is there of a result: the table, how far it is, or why there is none. */
function Body({ comparison, volcano, pointed, onPoint }: BodyProps) {
  const viewer = useViewer();
  const ready = useApp((state) => state.dataset !== null);
  const content = contentOf(comparison);
  const run = useApp((state) => state.runs[content]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the comparison is asked for by its content
  useEffect(() => {
    if (ready) viewer.comparisons.want(comparison);
  }, [viewer, ready, content, run?.state]);
  const results = viewer.comparisons.result(comparison);
  const again = (): void => viewer.comparisons.retry(comparison);

  if (run?.state === "failed") {
    return (
      <div className={styles.waiting}>
        <Problem message={run.message} onRetry={again} />
      </div>
    );
  }
  if (run?.state === "cancelled") {
    return (
      <div className={styles.waiting}>
        <p>Cancelled.</p>
        <TextButton look="outlined" onPress={again}>
          Compare again
        </TextButton>
      </div>
    );
  }
  if (run?.state === "done" && results) {
    return (
      <Result
        comparison={comparison}
        results={results}
        volcano={volcano}
        pointed={pointed}
        onPoint={onPoint}
      />
    );
  }
  const fraction = run?.state === "running" ? run.fraction : 0;
  const words =
    run?.state === "queued"
      ? run.position && run.position > 1
        ? `Waiting, ${run.position - 1} before it`
        : "Waiting, next in line"
      : run?.state === "running"
        ? `Comparing cells ${Math.round(100 * fraction)} %`
        : comparison.kind === "ranking"
          ? "Loading the ranking…"
          : "Comparing cells…";
  return (
    <div className={styles.waiting}>
      <Late>
        <p role="status">{words}</p>
        <progress
          className={styles.meter}
          value={run?.state === "running" ? fraction : undefined}
          max={1}
          aria-label={words}
        />
        <TextButton look="outlined" onPress={() => viewer.comparisons.cancel(comparison)}>
          Cancel
        </TextButton>
      </Late>
    </div>
  );
}
