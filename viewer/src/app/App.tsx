import { Suspense, useCallback, useEffect, useMemo, useRef, useState } from "react";
import type { StoreApi } from "zustand/vanilla";
import type { Theme } from "../bridge/messages";
import { EmbeddingView } from "../features/embedding/EmbeddingView";
import type { Plot } from "../features/embedding/Plot";
import { zoomBy } from "../features/embedding/Tools";
import { FilterChips } from "../features/filters/FilterChips";
import { GenesPanel } from "../features/genes/GenesPanel";
import { Legend } from "../features/legend/Legend";
import { LinksPanel } from "../features/links/LinksPanel";
import { type Transient, useApp, useTransientStore, useViewer, ViewerContext } from "../features/useViewer";
import { HOME_CAMERA } from "../lib/camera";
import type { Viewer } from "../state/viewer";
import { ErrorBoundary } from "../ui/ErrorBoundary";
import { patientLazy } from "../ui/patientLazy";
import { Skeleton } from "../ui/Skeleton";
import { useSize } from "../ui/useSize";
import styles from "./app.module.css";
import { CellsPanel } from "./CellsPanel";
import { Dock } from "./Dock";
import { FatalPage } from "./FatalPage";
import { Header } from "./Header";
import { KeysSheet } from "./KeysSheet";
import { LeftOutSheet } from "./LeftOutSheet";
import { Notices } from "./Notices";
import { OpeningPage } from "./OpeningPage";
import { Sheet } from "./Sheet";
import { Sidebar } from "./Sidebar";
import { StatusBar } from "./StatusBar";
import { useShortcuts } from "./shortcuts";
import { useTheme } from "./theme";
import { useLayout } from "./useLayout";

interface Props {
  viewer: Viewer;
  transient: StoreApi<Transient>;
  hostTheme: Theme;
  onPlot(plot: Plot | null): void;
}

export function App({ viewer, transient, hostTheme, onPlot }: Props) {
  const shared = useMemo(() => ({ viewer, transient }), [viewer, transient]);
  return (
    <ViewerContext value={shared}>
      <ErrorBoundary part="The viewer">
        <Page hostTheme={hostTheme} onPlot={onPlot} />
      </ErrorBoundary>
    </ViewerContext>
  );
}

function Page({ hostTheme, onPlot }: Pick<Props, "hostTheme" | "onPlot">) {
  const theme = useTheme(hostTheme);
  const fatal = useApp((state) => state.fatal);
  const opening = useApp((state) => state.opening);
  if (fatal) return <FatalPage {...fatal} />;
  return opening ? <OpeningPage {...opening} /> : <Workspace theme={theme} onPlot={onPlot} />;
}

/** A guest's page does not know at first what it shows. */
function useGuestTitle(): void {
  const title = useApp((state) => (state.link ? state.dataset?.title : undefined));
  useEffect(() => {
    if (title !== undefined) document.title = title;
  }, [title]);
}

/** The column that colors the cells at first has its list open: it is the legend. */
function useOpenLegend(): void {
  const viewer = useViewer();
  const dataset = useApp((state) => state.dataset);
  useEffect(() => {
    if (!dataset) return;
    const { color, expanded } = viewer.store.getState().view;
    const column = color?.kind === "obs" && dataset.obs.find(({ name }) => name === color.name);
    if (!column || column.kind === "continuous" || expanded.length > 0) return;
    viewer.do({ type: "setExpanded", column: column.name, open: true });
  }, [viewer, dataset]);
}

const ComparePanel = patientLazy(() =>
  import("../features/compare/ComparePanel").then((m) => ({ default: m.ComparePanel })),
);
const ViewsPanel = patientLazy(() =>
  import("../features/views/ViewsPanel").then((m) => ({ default: m.ViewsPanel })),
);

const InfoSheet = patientLazy(() => import("../features/info/InfoSheet"));

type SheetName = "keys" | "leftOut" | "info" | "share" | "views";

function Workspace({ theme, onPlot }: { theme: "light" | "dark"; onPlot: Props["onPlot"] }) {
  const viewer = useViewer();
  const transient = useTransientStore();
  const page = useRef<HTMLDivElement>(null);
  const center = useRef<HTMLDivElement>(null);
  const find = useRef<HTMLInputElement>(null);
  const plot = useRef<Plot | null>(null);
  const [sheet, setSheet] = useState<SheetName | null>(null);
  const layout = useLayout(page);
  const room = useSize(center);
  const narrow = layout.size === "narrow";
  const hasViews = viewer.address() !== null; // a guest has neither an address nor a place to save
  useOpenLegend();
  useGuestTitle();

  const keepPlot = useCallback(
    (made: Plot | null) => {
      plot.current = made;
      onPlot(made);
    },
    [onPlot],
  );
  const home = (): void => plot.current?.setCamera({ ...HOME_CAMERA });
  const showAll = (column: string): void => {
    viewer.do({ type: "setExpanded", column, open: true });
    layout.show("cells");
  };
  const toggleDock = (): void => {
    const { dock } = viewer.store.getState().view;
    viewer.do({ type: "setDock", tab: dock.tab === null ? "compare" : null });
  };
  const backOut = (): boolean => {
    const drawer = transient.getState().drawer !== null;
    const covering = layout.size !== "full" && viewer.store.getState().view.dock.tab !== null;
    if (sheet) setSheet(null);
    else if (drawer) transient.setState({ drawer: null });
    else if (covering) toggleDock();
    return sheet !== null || drawer || covering;
  };

  useShortcuts({
    find: () => find.current?.focus(),
    tool: (tool) => viewer.do({ type: "setTool", tool }),
    zoom: (direction) => plot.current && zoomBy(plot.current, direction),
    home,
    toggleCells: () => layout.toggle("cells"),
    toggleGenes: () => layout.toggle("genesPanel"),
    toggleDock,
    subset: () => {
      const { selected, inside } = viewer.store.getState().tally;
      if (selected > 0 && selected < inside) viewer.do({ type: "subset" });
    },
    resetSubset: () => viewer.do({ type: "resetSubset" }),
    invert: () => viewer.do({ type: "invertFilters" }),
    names: () => viewer.do({ type: "setCentroids", shown: !viewer.committed().centroids }),
    label: () => transient.setState({ labeling: true }),
    undo: () => viewer.undo(),
    redo: () => viewer.redo(),
    keys: () => setSheet(sheet === "keys" ? null : "keys"),
    views: () => hasViews && setSheet(sheet === "views" ? null : "views"),
    escape: backOut,
  });

  return (
    <div ref={page} className={styles.page} data-size={layout.size} data-drawer={layout.drawer}>
      <ErrorBoundary part="The header">
        <Header
          size={layout.size}
          theme={theme}
          find={find}
          onResetView={home}
          onShowKeys={() => setSheet("keys")}
          onShowLeftOut={() => setSheet("leftOut")}
          onShowInfo={() => setSheet("info")}
          onShare={() => setSheet("share")}
          onShowViews={() => setSheet("views")}
          onToggleDock={toggleDock}
        />
      </ErrorBoundary>
      <div className={styles.body}>
        <Sidebar side="cells" title="Cells" layout={layout}>
          <ErrorBoundary part="The cells panel">
            <CellsPanel touch={narrow} />
          </ErrorBoundary>
        </Sidebar>
        <div ref={center} className={styles.center}>
          <main className={styles.main}>
            <ErrorBoundary part="The plot">
              <EmbeddingView theme={theme} toolsAt={narrow ? "horizontal" : "vertical"} onPlot={keepPlot}>
                <div className={styles.chips} data-over-plot>
                  <ErrorBoundary part="The list of filters">
                    <FilterChips />
                  </ErrorBoundary>
                </div>
                {!(narrow && layout.drawer) && (
                  <ErrorBoundary part="The legend">
                    <Legend
                      sidebarShown={layout.shown.cells}
                      startOpen={!narrow}
                      width={Math.min(260, layout.plotWidth - 64)}
                      onMore={showAll}
                    />
                  </ErrorBoundary>
                )}
                <Notices narrow={narrow} />
              </EmbeddingView>
            </ErrorBoundary>
            {sheet === "keys" && <KeysSheet onClose={() => setSheet(null)} />}
            {sheet === "info" && (
              <Sheet title="About this dataset" onClose={() => setSheet(null)}>
                <InfoSheet />
              </Sheet>
            )}
            {sheet === "leftOut" && <LeftOutSheet onClose={() => setSheet(null)} />}
            {sheet === "views" && (
              <Sheet title="Views" onClose={() => setSheet(null)}>
                <ViewsPanel onOpened={() => setSheet(null)} />
              </Sheet>
            )}
            {sheet === "share" && (
              <Sheet title="Share this view" onClose={() => setSheet(null)}>
                <LinksPanel />
              </Sheet>
            )}
          </main>
          <Dock size={layout.size} room={room?.height ?? window.innerHeight} />
        </div>
        <Sidebar side="genesPanel" title="Genes" layout={layout}>
          <ErrorBoundary part="The genes panel">
            <GenesPanel />
          </ErrorBoundary>
          <ErrorBoundary part="Compare">
            <Suspense fallback={<Skeleton height={200} />}>
              <ComparePanel />
            </Suspense>
          </ErrorBoundary>
        </Sidebar>
      </div>
      <StatusBar layout={layout} />
    </div>
  );
}
