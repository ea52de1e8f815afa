import { type ReactNode, Suspense, useRef } from "react";
import { BusyLine } from "../../ui/BusyLine";
import { ErrorBoundary } from "../../ui/ErrorBoundary";
import { patientLazy } from "../../ui/patientLazy";
import { useSize } from "../../ui/useSize";
import { useView } from "../useViewer";
import { columnsFor } from "./grid";
import styles from "./panels.module.css";

const PanelPlot = patientLazy(() => import("./PanelPlot"));

interface Props {
  first: ReactNode;
  theme: string;
  onWheelPassed(): void;
}

/** The plots side by side, all of one size. */
export function PanelGrid({ first, theme, onWheelPassed }: Props) {
  const box = useRef<HTMLDivElement>(null);
  const size = useSize(box);
  const panels = useView((view) => view.panels);
  const columns = size ? columnsFor(panels.length + 1, size.width, size.height) : 1;
  const rows = Math.ceil((panels.length + 1) / columns);
  return (
    <div
      ref={box}
      className={styles.grid}
      data-many={panels.length > 0 || undefined}
      data-rows={rows}
      data-columns={columns}
      style={{ gridTemplateColumns: `repeat(${columns}, minmax(0, 1fr))` }}
    >
      <div className={styles.cell}>{first}</div>
      {panels.map((panel, i) => (
        <div key={String(i + 1)} className={styles.cell}>
          <ErrorBoundary part={`Panel ${i + 2}`}>
            <Suspense fallback={<BusyLine label={`Loading panel ${i + 2}`} />}>
              <PanelPlot panel={panel} number={i + 1} theme={theme} onWheelPassed={onWheelPassed} />
            </Suspense>
          </ErrorBoundary>
        </div>
      ))}
    </div>
  );
}
