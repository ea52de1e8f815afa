import { ArrowDown, ArrowUp, Droplet } from "lucide-react";
import {
  type CSSProperties,
  type KeyboardEvent,
  type ReactNode,
  useId,
  useLayoutEffect,
  useRef,
  useState,
} from "react";
import type { Stat } from "../../data/results";
import type { Results } from "../../state/viewer";
import { useSize } from "../../ui/useSize";
import styles from "./compare.module.css";
import type { Sort, SortKey } from "./rows";
import { STAT_WORDS, statText } from "./words";

interface Props {
  label: string;
  results: Results;
  rows: Uint32Array; // in order
  stats: Stat[];
  sort: Sort | null;
  colored: string | null;
  pointed: string | null;
  onSort(by: SortKey): void;
  onColor(row: number): void;
  onPoint(gene: string | null): void;
}

const ROW = 26; // CSS pixels, as --cxg-grid-row
const HEAD = 28;
const OVERSCAN = 8; // rows drawn beyond each edge
const BARS = new Set<Stat>(["fraction_a", "fraction_b"]);

/**
 * A table of any length that draws the rows in sight: a grid with one stop for the Tab key, in which the arrows
 * walk through the rows and Enter colors the cells (https://www.w3.org/WAI/ARIA/apg/patterns/grid/).
 */
export function ResultTable(props: Props) {
  const { label, results, rows, stats, sort, colored, pointed, onSort, onColor, onPoint } = props;
  const scroller = useRef<HTMLDivElement>(null);
  const id = useId();
  const height = useSize(scroller)?.height ?? 0;
  const [top, setTop] = useState(0);
  const [active, setActive] = useState(0);
  const current = Math.min(active, rows.length - 1);
  const first = Math.max(0, Math.floor(top / ROW) - OVERSCAN);
  const last = Math.min(rows.length, Math.ceil((top + height) / ROW) + OVERSCAN);
  const drawn = Array.from({ length: Math.max(0, last - first) }, (_, i) => first + i);
  // Screen readers follow aria-activedescendant, so that row is drawn wherever it is.
  if (current >= 0 && (current < first || current >= last)) drawn.push(current);

  // Another order or other rows begin at the top.
  // biome-ignore lint/correctness/useExhaustiveDependencies: that is what rows and sort say
  useLayoutEffect(() => {
    if (scroller.current) scroller.current.scrollTop = 0;
    setTop(0);
    setActive(0);
    onPoint(null); // it may be gone
  }, [rows, sort]);

  const page = Math.max(1, Math.floor((height - HEAD) / ROW) - 1);
  const steps: Record<string, number> = {
    ArrowDown: 1,
    ArrowUp: -1,
    PageDown: page,
    PageUp: -page,
    Home: -rows.length,
    End: rows.length,
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.target !== event.currentTarget) return; // a button of the head
    if ((event.key === "Enter" || event.key === " ") && rows.length > 0) {
      event.preventDefault();
      onColor(rows[current]!);
    }
    const step = steps[event.key];
    if (step === undefined || rows.length === 0) return;
    event.preventDefault();
    const next = Math.min(rows.length - 1, Math.max(0, current + step));
    setActive(next);
    const list = scroller.current!;
    list.scrollTop = Math.max((next + 1) * ROW + HEAD - height, Math.min(list.scrollTop, next * ROW));
  };

  const columns: SortKey[] = [...(results.groups ? (["group"] as const) : []), "gene", ...stats];
  const widths = columns.map((key) => WIDTHS[key] ?? 60);
  const template = widths.map((width) => `minmax(${width}px, ${width}fr)`).join(" ");
  const least = widths.reduce((sum, width) => sum + width, 0); // below that, the table scrolls sideways
  return (
    // biome-ignore lint/a11y/useSemanticElements: rows are placed, not flowed
    <div
      ref={scroller}
      role="grid"
      aria-label={`Genes of ${label}`}
      aria-rowcount={rows.length + 1}
      aria-colcount={columns.length}
      aria-activedescendant={rows.length > 0 ? `${id}-${current}` : undefined}
      tabIndex={0}
      className={styles.grid}
      style={{ "--columns": template, "--least": `${least}px` } as CSSProperties}
      onScroll={(event) => setTop(event.currentTarget.scrollTop)}
      onKeyDown={onKeyDown}
      onPointerLeave={() => onPoint(null)}
    >
      {/* biome-ignore lint/a11y/useSemanticElements: as above */}
      {/* biome-ignore lint/a11y/useFocusableInteractive: the grid has the focus */}
      <div role="row" aria-rowindex={1} className={styles.gridHead}>
        {columns.map((key) => (
          <HeadCell key={key} by={key} sort={sort} onSort={onSort} />
        ))}
      </div>
      <div role="presentation" className={styles.gridBody} style={{ height: rows.length * ROW }}>
        {drawn.map((at) => {
          const row = rows[at]!;
          const gene = results.genes[row]!;
          return (
            // biome-ignore lint/a11y/useSemanticElements: as above
            // biome-ignore lint/a11y/useFocusableInteractive: as above
            // biome-ignore lint/a11y/useKeyWithClickEvents: Enter in the grid does the same
            <div
              key={row}
              id={`${id}-${at}`}
              role="row"
              aria-rowindex={at + 2}
              aria-selected={gene === colored}
              data-active={at === current}
              data-pointed={gene === pointed}
              className={styles.gridRow}
              style={{ top: at * ROW }}
              onPointerEnter={() => onPoint(gene)}
              onClick={() => {
                setActive(at);
                onColor(row);
              }}
            >
              {columns.map((key) => (
                <Cell key={key} by={key} results={results} row={row} colored={gene === colored} />
              ))}
            </div>
          );
        })}
      </div>
      {rows.length === 0 && <p className={styles.noRows}>No gene is left: widen the filters.</p>}
    </div>
  );
}

// CSS pixels; of other numbers 60. What matters fits beside the volcano of a page that is 1400 wide.
const WIDTHS: Partial<Record<SortKey, number>> = {
  group: 130,
  gene: 100,
  p: 68,
  p_adjusted: 68,
  fraction_a: 52,
  fraction_b: 52,
  auroc: 68,
  cohens_d: 84,
};

function headWords(key: SortKey): { short: string; long: string } {
  if (key === "gene") return { short: "Gene", long: "Gene" };
  if (key === "group") return { short: "Category", long: "Category" };
  return STAT_WORDS[key];
}

function HeadCell({ by, sort, onSort }: { by: SortKey; sort: Sort | null; onSort(by: SortKey): void }) {
  const { short, long } = headWords(by);
  const on = sort?.by === by;
  const Arrow = sort?.descending ? ArrowDown : ArrowUp;
  return (
    // biome-ignore lint/a11y/useSemanticElements: the rows are placed
    // biome-ignore lint/a11y/useFocusableInteractive: the button inside is
    <div
      role="columnheader"
      aria-sort={on ? (sort.descending ? "descending" : "ascending") : "none"}
      className={styles.gridCell}
      data-by={by}
    >
      <button type="button" title={long} aria-label={`Sort by ${long}`} onClick={() => onSort(by)}>
        {short}
        {on && <Arrow aria-hidden />}
      </button>
    </div>
  );
}

interface CellProps {
  by: SortKey;
  results: Results;
  row: number;
  colored: boolean;
}

function Cell({ by, results, row, colored }: CellProps) {
  if (by === "gene") {
    const gene = results.genes[row];
    return (
      <Box by={by} title={gene}>
        <span className={styles.symbol}>{gene}</span>
        {colored && <Droplet aria-label="colors the cells" />}
      </Box>
    );
  }
  if (by === "group") {
    const name = results.groups?.names[results.groups.codes[row]!];
    return (
      <Box by={by} title={name}>
        {name}
      </Box>
    );
  }
  const value = results.numbers[by]?.[row] ?? Number.NaN;
  return (
    <Box by={by} title={String(value)} share={BARS.has(by) && Number.isFinite(value) ? value : undefined}>
      {statText(by, value)}
    </Box>
  );
}

interface BoxProps {
  by: SortKey;
  title: string | undefined;
  /** From 0 to 1: drawn as a bar. */
  share?: number | undefined;
  children: ReactNode;
}

function Box({ by, title, share, children }: BoxProps) {
  return (
    // biome-ignore lint/a11y/useSemanticElements: rows are placed, not flowed
    // biome-ignore lint/a11y/useFocusableInteractive: the grid has the focus
    <span
      role="gridcell"
      className={styles.gridCell}
      data-by={by}
      title={title}
      style={share === undefined ? undefined : ({ "--share": share } as CSSProperties)}
    >
      {children}
    </span>
  );
}
