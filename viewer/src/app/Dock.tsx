import { X } from "lucide-react";
import { type ComponentType, type LazyExoticComponent, Suspense, useState } from "react";
import { Tab, TabList, TabPanel, Tabs } from "react-aria-components";
import { useView, useViewer } from "../features/useViewer";
import type { DockTab } from "../state/state";
import { IconButton } from "../ui/Button";
import { ErrorBoundary } from "../ui/ErrorBoundary";
import { patientLazy } from "../ui/patientLazy";
import { Resizer } from "../ui/Resizer";
import { Skeleton } from "../ui/Skeleton";
import styles from "./dock.module.css";
import type { LayoutSize } from "./useLayout";

interface Content {
  title: string;
  Panel: LazyExoticComponent<ComponentType>; // loaded when first opened: never before the first picture
}

const TABS: Record<DockTab, Content> = {
  compare: {
    title: "Compare",
    Panel: patientLazy(() =>
      import("../features/compare/CompareDock").then((m) => ({ default: m.CompareDock })),
    ),
  },
  figures: {
    title: "Figures",
    Panel: patientLazy(() =>
      import("../features/figures/FiguresDock").then((m) => ({ default: m.FiguresDock })),
    ),
  },
  annotations: {
    title: "Annotations",
    Panel: patientLazy(() =>
      import("../features/annotate/AnnotateDock").then((m) => ({ default: m.AnnotateDock })),
    ),
  },
};
const NAMES = Object.keys(TABS) as DockTab[];

const LOWEST = 140; // CSS pixels
const PLOT_SHARE = 0.3; // of the height, at least, stays for the plot

/** The panel under the plot; over its lower part where the page is small. */
export function Dock({ size, room }: { size: LayoutSize; room: number }) {
  const viewer = useViewer();
  const dock = useView((view) => view.dock);
  const [dragged, setDragged] = useState<number | null>(null);
  if (dock.tab === null) return null;
  const highest = Math.max(LOWEST, Math.floor(room * (1 - PLOT_SHARE)));
  const height = Math.min(highest, dragged ?? dock.height);

  return (
    <section
      className={styles.dock}
      data-size={size}
      style={size === "full" ? { height } : undefined}
      aria-label="Results and figures"
    >
      {size === "full" && (
        <Resizer
          edge="top"
          label="Height of the panel"
          value={height}
          least={LOWEST}
          most={highest}
          onDrag={setDragged}
          onCommit={(wish) => {
            setDragged(null);
            viewer.do({ type: "setDock", height: wish });
          }}
        />
      )}
      <Tabs
        className={styles.tabs}
        selectedKey={dock.tab}
        onSelectionChange={(key) => viewer.do({ type: "setDock", tab: key as DockTab })}
      >
        <div className={styles.head}>
          <TabList className={styles.list} aria-label="Results and figures">
            {NAMES.map((name) => (
              <Tab key={name} id={name} className={styles.tab}>
                {TABS[name].title}
              </Tab>
            ))}
          </TabList>
          <IconButton
            label="Close the panel"
            shortcut="D"
            onPress={() => viewer.do({ type: "setDock", tab: null })}
          >
            <X />
          </IconButton>
        </div>
        {NAMES.map((name) => (
          <TabPanel key={name} id={name} className={styles.panel}>
            <ErrorBoundary part={TABS[name].title}>
              <Suspense fallback={<Skeleton height={18} width="40%" />}>
                <Shown name={name} />
              </Suspense>
            </ErrorBoundary>
          </TabPanel>
        ))}
      </Tabs>
    </section>
  );
}

function Shown({ name }: { name: DockTab }) {
  const { Panel } = TABS[name];
  return <Panel />;
}
