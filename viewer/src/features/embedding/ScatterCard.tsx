import { ArrowLeftRight, PanelRightClose, PanelRightOpen, X } from "lucide-react";
import { useMemo, useRef, useState } from "react";
import { geneKey, layoutKey, scatterName } from "../../data/keys";
import type { Scatter } from "../../state/state";
import type { ContinuousColumn } from "../../state/viewer";
import { IconButton } from "../../ui/Button";
import { Problem } from "../../ui/Problem";
import { useSize } from "../../ui/useSize";
import { useGenes } from "../useGenes";
import { useColumn, useView, useViewer } from "../useViewer";
import { AXIS, Axes } from "./Axes";
import { AxisGene } from "./AxisGene";
import type { Plot } from "./Plot";
import { PlotBox } from "./PlotBox";
import { scatterView } from "./plotViews";
import styles from "./scatter.module.css";

/** Two genes against each other, beside the plot: the same colors, the same selection. */
export default function ScatterCard({ theme }: { theme: string }) {
  const viewer = useViewer();
  const genes = useGenes();
  const [open, setOpen] = useState(true);
  const { x, y } = useView((view) => view.scatter);
  const set = (scatter: Scatter) => viewer.do({ type: "setState", state: { scatter } });
  const title = x !== null && y !== null ? `${genes.label(x)} × ${genes.label(y)}` : "Two genes";
  return (
    <section className={styles.card} data-open={open} aria-label="Gene scatter plot">
      <header className={styles.header}>
        <h2 className={styles.title} title={title}>
          {title}
        </h2>
        {open && (
          <IconButton label="Swap the axes" isDisabled={x === y} onPress={() => set({ x: y, y: x })}>
            <ArrowLeftRight />
          </IconButton>
        )}
        <span className={styles.fold}>
          <IconButton
            label={open ? "Fold the scatter plot" : "Unfold the scatter plot"}
            onPress={() => setOpen(!open)}
          >
            {open ? <PanelRightClose /> : <PanelRightOpen />}
          </IconButton>
        </span>
        <IconButton label="Close the scatter plot" onPress={() => set({ x: null, y: null })}>
          <X />
        </IconButton>
      </header>
      {open && (x !== null && y !== null ? <Points x={x} y={y} theme={theme} /> : <Half x={x} y={y} />)}
    </section>
  );
}

/** One axis is chosen: what is still to do. */
function Half({ x, y }: Scatter) {
  const missing = x === null ? "x" : "y";
  return (
    <div className={styles.half}>
      <p>
        <i>{x ?? y}</i> is on {x === null ? "y" : "x"}. Choose a gene for {missing}, here or with{" "}
        <b>{missing}</b> in its row.
      </p>
      <AxisGene axis={missing} gene={null} />
    </div>
  );
}

function Points({ x, y, theme }: { x: string; y: string; theme: string }) {
  const viewer = useViewer();
  const shown = useMemo(() => scatterView(x, y), [x, y]);
  const [plot, setPlot] = useState<Plot | null>(null);
  const box = useRef<HTMLDivElement>(null);
  const size = useSize(box);
  const columns = [useColumn(geneKey(x)).column, useColumn(geneKey(y)).column];
  const [xs, ys] = columns.map((column) => (column?.kind === "continuous" ? column : null));
  const { column, error, retry } = useColumn(layoutKey(scatterName(x, y)));
  const nowhere = column?.kind === "embedding" && column.missing === column.x.length;
  return (
    <>
      <div className={styles.field} ref={box}>
        <PlotBox
          key={shown.id}
          shown={shown}
          theme={theme}
          className={styles.points}
          label={`${x} against ${y}`}
          onPlot={setPlot}
        />
        {plot && xs && ys && size && (
          <Axes plot={plot} x={xs} y={ys} width={size.width - AXIS.left} height={size.height - AXIS.bottom} />
        )}
        {error !== null && (
          <div className={styles.message}>
            <Problem message={error} onRetry={retry} />
          </div>
        )}
        {nowhere && <p className={styles.message}>No cell has a number for both genes.</p>}
      </div>
      <footer className={styles.axes}>
        <AxisGene axis="x" gene={x} />
        <AxisGene axis="y" gene={y} />
      </footer>
      {constantText(viewer.genes.label(x), xs)}
      {constantText(viewer.genes.label(y), ys)}
    </>
  );
}

function constantText(name: string, column: ContinuousColumn | null | undefined) {
  if (!column || !(column.max <= column.min)) return null;
  return (
    <p className={styles.note}>
      <i>{name}</i> has the same value in every cell.
    </p>
  );
}
