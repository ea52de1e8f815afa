import { type ReactNode, Suspense, useRef } from "react";
import { columnsFor } from "../../lib/grid";
import { BusyLine } from "../../ui/BusyLine";
import { ErrorBoundary } from "../../ui/ErrorBoundary";
import { patientLazy } from "../../ui/patientLazy";
import { useSize } from "../../ui/useSize";
import { useView } from "../useViewer";
import styles from "./panels.module.css";

const PanelPlot = patientLazy(() => import("./PanelPlot"));

interface Props {
  first: ReactNode;
  theme: string;
  onWheelPassed(): void;
}

/** The plots side by side, all of one size; many have a head each, where nothing lies over their points. */
export function PanelGrid({ first, theme, onWheelPassed }: Props) {
  const box = useRef<HTMLDivElement>(null);
  const size = useSize(box);
  const panels = useView((view) => view.panels);
  const many = panels.length > 0;
  const columns = size ? columnsFor(panels.length + 1, size.width, size.height) : 1;
  return (
    <div className={styles.field} data-many={many || undefined}>
      <div
        ref={box}
        className={styles.grid}
        data-columns={columns}
        style={{ gridTemplateColumns: `repeat(${columns}, minmax(0, 1fr))` }}
      >
        <div className={styles.cell}>
          {many && <div className={styles.head} />}
          {first}
        </div>
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
    </div>
  );
}
