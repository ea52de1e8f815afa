import { CloudOff, Dna, ListFilter } from "lucide-react";
import { useEffect, useState } from "react";
import { Button } from "react-aria-components";
import { LabelSelection } from "../features/annotate/LabelSelection";
import { SaveState } from "../features/annotate/SaveState";
import { SelectionBar } from "../features/selecting/SelectionBar";
import { SetsSaved } from "../features/sets/SetsSaved";
import { useSummary } from "../features/useSummary";
import { useApp, useView, useViewer } from "../features/useViewer";
import { formatCount, formatDay } from "../lib/format";
import { embeddingOf } from "../state/selectors";
import { TextButton } from "../ui/Button";
import styles from "./app.module.css";
import type { Layout } from "./useLayout";

/** The bottom line: how many cells, what runs. At narrow size also the tabs of the sidebars. */
export function StatusBar({ layout }: { layout: Layout }) {
  const narrow = layout.size === "narrow";
  return (
    <footer className={styles.status}>
      {narrow && (
        <Button
          className={styles.tab}
          aria-expanded={layout.shown.cells}
          onPress={() => layout.toggle("cells")}
        >
          <ListFilter aria-hidden />
          <span className={styles.hidden}>Cells</span>
        </Button>
      )}
      <Tally />
      <SelectionBar short={layout.size !== "full"} />
      <LabelSelection compact={narrow} />
      {!narrow && <Placeless />}
      <span className={styles.spacer} />
      {!narrow && <SharedUntil />}
      <SaveState />
      {!narrow && <SetsSaved />}
      {!narrow && <Running />}
      {narrow && (
        <Button
          className={styles.tab}
          aria-expanded={layout.shown.genesPanel}
          onPress={() => layout.toggle("genesPanel")}
        >
          <Dna aria-hidden />
          <span className={styles.hidden}>Genes</span>
        </Button>
      )}
    </footer>
  );
}

const SAY_AFTER = 600; // ms: only counts that stay are read out

function Tally() {
  const viewer = useViewer();
  const { total, inside, selected } = useApp((state) => state.tally);
  const filtered = useView((view) => view.filters.length > 0);
  const subset = inside < total ? `, a subset of ${formatCount(total)}` : "";
  const summary = useSummary();
  const [said, setSaid] = useState("");
  useEffect(() => {
    const timer = window.setTimeout(() => setSaid(summary), SAY_AFTER);
    return () => window.clearTimeout(timer);
  }, [summary]);

  return (
    <span className={styles.tally}>
      {total > 0 && (
        <span data-testid="tally">
          <b>{formatCount(selected)}</b> of {formatCount(inside)} cells
          {subset && <span className={styles.note}>{subset}</span>}
        </span>
      )}
      {filtered && (
        <TextButton look="link" onPress={() => viewer.do({ type: "clearFilters" })}>
          Clear
        </TextButton>
      )}
      <span role="status" className={styles.hidden}>
        {said}
      </span>
    </span>
  );
}

/** Cells without a place in this embedding are said, not just left out. */
function Placeless() {
  const name = useApp(embeddingOf);
  const missing = useApp((state) => (name === null ? 0 : (state.dataset?.missing[name] ?? 0)));
  if (missing === 0) return null;
  const text = `${formatCount(missing)} ${missing === 1 ? "cell has" : "cells have"} no place in ${name}`;
  return (
    <span className={styles.note} title={text}>
      {text}
    </span>
  );
}

/** To whoever came by a link: that it is one, and when it ends. */
function SharedUntil() {
  const expires = useApp((state) => state.link?.expires);
  if (!expires) return null;
  return <span className={styles.note}>Shared with you until {formatDay(expires)}</span>;
}

function Running() {
  const progress = useApp((state) => state.progress);
  const server = useApp((state) => state.server);
  if (server === "unreachable") {
    return (
      <span className={styles.warning}>
        <CloudOff aria-hidden /> Server not reachable, retrying. What is loaded keeps working.
      </span>
    );
  }
  if (!progress) return null;
  const percent = Math.round(100 * progress.fraction);
  return (
    <span className={styles.progress}>
      <span className={styles.note}>
        {progress.label} {percent} %
      </span>
      <progress className={styles.meter} value={percent} max={100} aria-label={progress.label} />
    </span>
  );
}
