import type { ReactNode } from "react";
import { obsKey } from "../../data/keys";
import { formatCount, formatNumber } from "../../lib/format";
import type { DatasetInfo, Viewer } from "../../state/viewer";
import { useApp, useView, useViewer } from "../useViewer";
import styles from "./info.module.css";

/** What the dataset is: its size, what it holds, what all of its cells have in common, and by what it is shown. */
export default function InfoSheet() {
  const viewer = useViewer();
  const dataset = useApp((state) => state.dataset);
  const revision = useView((view) => view.revision);
  useApp((state) => state.columns); // columns come one by one
  if (!dataset) return null;
  const common = inAllCells(viewer, dataset);
  const list = (names: readonly string[]) => names.join(", ") || "none";
  return (
    <dl className={styles.facts}>
      <Fact name="Size">
        {formatCount(dataset.nObs)} cells × {formatCount(dataset.nVar)} genes
      </Fact>
      <Fact name="Embeddings">
        {list(
          dataset.embeddings.map((name) => {
            const placed = dataset.nObs - (dataset.missing[name] ?? 0);
            return placed < dataset.nObs ? `${name} (${formatCount(placed)} cells)` : name;
          }),
        )}
      </Fact>
      <Fact name="Expression">{list(dataset.layers)}</Fact>
      <Fact name="Columns of cells">{list(dataset.obs.map(({ name }) => name))}</Fact>
      <Fact name="Columns of genes">{list(dataset.varColumns.map(({ name }) => name))}</Fact>
      <Fact name="Names of cells">{dataset.obsIndex}</Fact>
      <Fact name="Names of genes">{dataset.varIndex}</Fact>
      {common.map(([name, value]) => (
        <Fact key={name} name={name}>
          {value} <span className={styles.quiet}>in every cell</span>
        </Fact>
      ))}
      <Fact name="Revision">{formatCount(revision)}</Fact>
      <Fact name="Shown by">{dataset.engine}</Fact>
      {dataset.about !== null && (
        <Fact name="More">
          <a href={dataset.about} target="_blank" rel="noopener noreferrer">
            {dataset.about}
          </a>
        </Fact>
      )}
      {dataset.leftOut.map(({ where, reason }) => (
        <Fact key={where} name={where}>
          {reason} <span className={styles.quiet}>not shown</span>
        </Fact>
      ))}
    </dl>
  );
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

/** Columns that say the same of every cell, as far as they are loaded. */
function inAllCells(viewer: Viewer, { obs }: DatasetInfo): [name: string, value: string][] {
  return obs.flatMap(({ name }): [string, string][] => {
    const column = viewer.columns.get(obsKey(name));
    if (!column || column.missing > 0) return [];
    if (column.kind === "categorical") {
      return column.categories.length === 1 ? [[name, column.categories[0]!]] : [];
    }
    return column.kind === "continuous" && column.min === column.max
      ? [[name, formatNumber(column.min)]]
      : [];
  });
}
