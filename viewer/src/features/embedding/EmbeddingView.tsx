import {
  type ReactNode,
  Suspense,
  useCallback,
  useEffect,
  useRef,
  useState,
  useSyncExternalStore,
} from "react";
import { layoutKey } from "../../data/keys";
import { formatCount } from "../../lib/format";
import { COMMAND_KEY } from "../../lib/platform";
import { embeddingOf } from "../../state/selectors";
import { ErrorBoundary } from "../../ui/ErrorBoundary";
import { Problem } from "../../ui/Problem";
import { patientLazy } from "../../ui/patientLazy";
import { useApp, useColumn, useView, useViewer } from "../useViewer";
import styles from "./embedding.module.css";
import { PanelGrid } from "./PanelGrid";
import type { Plot } from "./Plot";
import { PlotBox } from "./PlotBox";
import { panelView } from "./plotViews";
import { type Orientation, Tools } from "./Tools";

const ScatterCard = patientLazy(() => import("./ScatterCard"));

interface Props {
  theme: string;
  /** How the tools are lined up: down the left edge, or along the top. */
  toolsAt: Orientation;
  /** Chips, legend and the like, over the plot. */
  children?: ReactNode;
  onPlot(plot: Plot | null): void;
}

const MAIN = panelView(0);

/** The plots: the view's own, panels beside it, two genes against each other, and the tools. */
export function EmbeddingView({ theme, toolsAt, children, onPlot }: Props) {
  const [plot, setPlot] = useState<Plot | null>(null);
  const [hinted, showHint] = useForMoment();
  const name = useApp(embeddingOf);
  const tally = useApp((state) => state.tally);
  const panels = useView((view) => view.panels.length);
  const scatter = useView(({ scatter: { x, y } }) => x !== null || y !== null);
  const keepPlot = useCallback(
    (made: Plot | null) => {
      setPlot(made);
      onPlot(made);
    },
    [onPlot],
  );

  const first = (
    <PlotBox
      shown={MAIN}
      theme={theme}
      label={`Embedding ${name ?? ""}: ${formatCount(tally.selected)} of ${formatCount(tally.total)} cells selected`}
      onPlot={keepPlot}
      onWheelPassed={showHint}
    >
      <div className={styles.stage}>
        <Placeholder plot={plot} name={name} />
        <p className={styles.hint} data-shown={hinted} aria-hidden>
          Click, or hold {COMMAND_KEY}, to zoom
        </p>
      </div>
    </PlotBox>
  );
  return (
    <div className={styles.area} data-scatter={scatter || undefined}>
      <div className={styles.plots}>
        <PanelGrid first={first} theme={theme} onWheelPassed={showHint} />
        <div className={styles.stage} data-panels={panels || undefined}>
          <Tools plot={plot} orientation={toolsAt} />
          {children}
        </div>
      </div>
      {scatter && (
        <ErrorBoundary part="The gene scatter plot">
          <Suspense>
            <ScatterCard theme={theme} />
          </Suspense>
        </ErrorBoundary>
      )}
    </div>
  );
}

const MOMENT = 1200; // ms

/** True for a moment after each call. */
function useForMoment(): [boolean, () => void] {
  const [on, setOn] = useState(false);
  const timer = useRef(0);
  useEffect(() => () => window.clearTimeout(timer.current), []);
  const start = useCallback(() => {
    setOn(true);
    window.clearTimeout(timer.current);
    timer.current = window.setTimeout(() => setOn(false), MOMENT);
  }, []);
  return [on, start];
}

/** What stands where the points will be. */
function Placeholder({ plot, name }: { plot: Plot | null; name: string | null }) {
  const dataset = useApp((state) => state.dataset);
  const { error, retry } = useColumn(name === null ? null : layoutKey(name));
  const viewer = useViewer();
  const drawn = useSyncExternalStore(
    plot?.onMoved ?? noStore,
    () => plot?.embedding !== null && plot?.embedding !== undefined,
  );
  if (error !== null) {
    return (
      <div className={styles.placeholder} data-over-plot>
        <Problem message={error} onRetry={retry} />
      </div>
    );
  }
  if (dataset && name === null) {
    return (
      <div className={styles.placeholder}>
        <p>
          <b>{viewer.store.getState().dataset?.title}</b> has no embedding to draw. Make one, for example with{" "}
          <code>sc.tl.umap(adata)</code>, and run <code>%cxg</code> again.
        </p>
      </div>
    );
  }
  if (drawn) return null;
  return (
    <div className={styles.loading} role="progressbar" aria-label="Loading the embedding" aria-busy>
      {name && <span className={styles.loadingText}>Loading {name}…</span>}
    </div>
  );
}

const noStore = () => () => {};
