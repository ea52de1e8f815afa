import { Download } from "lucide-react";
import { useDeferredValue, useMemo, useState } from "react";
import { STATS, type Stat } from "../../data/results";
import { formatCount } from "../../lib/format";
import type { Comparison } from "../../state/comparing";
import type { Results } from "../../state/viewer";
import { TextButton } from "../../ui/Button";
import { showGene } from "../showGene";
import { useView, useViewer } from "../useViewer";
import styles from "./compare.module.css";
import { FilterFields } from "./FilterFields";
import { ResultTable } from "./ResultTable";
import { ALL_ROWS, changeOf, csvOf, filteredRows, firstSort, nextSort, type Sort, sortedRows } from "./rows";
import { saveText } from "./saveText";
import { Volcano } from "./Volcano";

interface Props {
  comparison: Comparison;
  results: Results;
  volcano: boolean;
  /** The gene under the pointer, here or in another table. */
  pointed: string | null;
  onPoint(gene: string | null): void;
}

/** A result: its filters, the table, the volcano; what is brushed there is what the table shows. */
export function Result({ comparison, results, volcano, pointed, onPoint }: Props) {
  const viewer = useViewer();
  const [filter, setFilter] = useState(ALL_ROWS);
  const [sort, setSort] = useState<Sort | null>(() => firstSort(results));
  const [brushed, setBrushed] = useState<ReadonlySet<number> | null>(null);
  const colored = useView((view) => (view.color?.kind === "gene" ? view.color.name : null));
  const late = useDeferredValue(filter);
  const passing = useMemo(() => filteredRows(results, late, null), [results, late]);
  const rows = useMemo(() => {
    const inside = brushed ? passing.filter((row) => brushed.has(row)) : passing;
    return sort ? sortedRows(results, inside, sort) : inside;
  }, [results, passing, brushed, sort]);
  const stats = useMemo(() => STATS.filter((stat) => results.numbers[stat]), [results]);
  const plotted = volcano && !results.groups && changeOf(results) && results.numbers.p_adjusted;

  const save = (): void => saveText(`${comparison.name}.csv`, csvOf(results, rows, stats));
  const color = (row: number): void => showGene(viewer, results.genes[row]!);
  const keep = async (): Promise<void> => {
    const genes = Array.from(rows, (row) => results.genes[row]!);
    const { name } = await viewer.sets.create(comparison.name, genes, "Genes of a comparison.");
    viewer.notify(`Gene set “${name}” has ${formatCount(new Set(genes).size)} genes.`);
  };
  const narrowed = rows.length < results.length;

  return (
    <>
      <div className={styles.bar}>
        <FilterFields results={results} filter={filter} onChange={setFilter} />
        <span className={styles.tally} role="status">
          {narrowed ? `${formatCount(rows.length)} of ` : ""}
          {formatCount(results.length)} {results.groups ? "rows" : "genes"}
          {brushed && ", brushed"}
        </span>
        {brushed && (
          <TextButton look="link" onPress={() => setBrushed(null)}>
            Clear the brush
          </TextButton>
        )}
        <TextButton look="outlined" isDisabled={rows.length === 0 || !narrowed} onPress={() => void keep()}>
          Make gene set
        </TextButton>
        <TextButton look="outlined" isDisabled={rows.length === 0} onPress={save}>
          <Download aria-hidden /> CSV
        </TextButton>
      </div>
      <LeftOut results={results} />
      <div className={styles.pair}>
        <ResultTable
          label={comparison.name}
          results={results}
          rows={rows}
          stats={stats as Stat[]}
          sort={sort}
          colored={colored}
          pointed={pointed}
          onSort={(by) => setSort((old) => nextSort(old, by))}
          onColor={color}
          onPoint={onPoint}
        />
        {plotted && (
          <Volcano
            results={results}
            passing={passing}
            brushed={brushed}
            filter={late}
            colored={colored}
            pointed={pointed}
            onBrush={setBrushed}
            onColor={color}
            onPoint={onPoint}
          />
        )}
      </div>
    </>
  );
}

/** Categories that could not be compared, with the reason. */
function LeftOut({ results }: { results: Results }) {
  const names = Object.entries(results.leftOut);
  if (names.length === 0) return null;
  const said = names.slice(0, 3).map(([name, reason]) => `${name} (${reason.replace(/\.$/, "")})`);
  const more = names.length > said.length ? ` and ${names.length - said.length} more` : "";
  return (
    <p className={styles.leftOut}>
      Left out: {said.join(", ")}
      {more}.
    </p>
  );
}
