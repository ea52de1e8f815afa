import { ChevronRight } from "lucide-react";
import { useContext, useMemo, useRef } from "react";
import { Button } from "react-aria-components";
import { obsKey } from "../../data/keys";
import type { ObsColumnInfo } from "../../state/viewer";
import { ColorByButton } from "../../ui/ColorByButton";
import { Problem } from "../../ui/Problem";
import { Skeleton } from "../../ui/Skeleton";
import { TickBox } from "../../ui/TickBox";
import { useInView } from "../../ui/useInView";
import { CategorySlotsContext } from "../slots";
import { useColorBy, useColumn, useView, useViewer } from "../useViewer";
import { CategoryList } from "./CategoryList";
import styles from "./categories.module.css";
import { type Category, tickState } from "./ticks";

interface Props {
  info: ObsColumnInfo;
  rowHeight: number;
}

/** A categorical column: its box, its name, its color button, and its categories when open. */
export function CategoryColumn({ info, rowHeight }: Props) {
  const viewer = useViewer();
  const row = useRef<HTMLElement>(null);
  const slots = useContext(CategorySlotsContext);
  const open = useView((view) => view.expanded.includes(info.name));
  const filters = useView((view) => view.filters);
  const [active, setActive] = useColorBy({ kind: "obs", name: info.name });
  const wanted = useInView(row) || open || active;
  const { column: loaded, error, retry } = useColumn(wanted ? obsKey(info.name) : null);
  const column = loaded?.kind === "categorical" ? loaded : undefined;
  const all = useMemo<Category[]>(
    () => (column ? [...column.categories, ...(column.missing > 0 ? [null] : [])] : []),
    [column],
  );

  if (column && all.length <= 1 && !info.writable) return <SingleValue name={info.name} value={all[0]} />;

  const colorBy = (on: boolean): void => {
    setActive(on);
    if (on && !open) viewer.do({ type: "setExpanded", column: info.name, open: true }); // it is the legend
  };
  const count = column ? all.length : info.categories?.length;
  return (
    <section className={styles.column} ref={row} aria-label={info.name}>
      <div className={styles.header}>
        <TickBox
          label={`All of ${info.name}`}
          className={styles.allBox}
          state={tickState(filters, info.name, all)}
          onChange={() =>
            column && viewer.do({ type: "toggleAllCategories", column: info.name, all: [...all] })
          }
        />
        <Button
          className={styles.title}
          aria-expanded={open}
          onPress={() => viewer.do({ type: "setExpanded", column: info.name, open: !open })}
        >
          <ChevronRight className={styles.chevron} data-open={open} aria-hidden />
          <span className={styles.titleText} title={info.name}>
            {info.name}
          </span>
          {count !== undefined && <span className={styles.size}>{count}</span>}
        </Button>
        {info.writable && slots.column?.(info.name)}
        <ColorByButton name={info.name} active={active} onChange={colorBy} />
      </div>
      {error !== null && <Problem message={error} onRetry={retry} />}
      {open && error === null && (
        <div className={styles.body}>
          {column ? (
            <CategoryList
              name={info.name}
              column={column}
              all={all}
              rowHeight={rowHeight}
              menu={info.writable ? slots.category : undefined}
            />
          ) : (
            <Skeleton height={Math.min(count ?? 4, 12) * rowHeight} />
          )}
        </div>
      )}
    </section>
  );
}

/** A column with the same value everywhere has nothing to choose from. */
function SingleValue({ name, value }: { name: string; value: Category | undefined }) {
  return (
    <p className={styles.single}>
      <span className={styles.singleName}>{name}</span>
      <span className={styles.singleValue} title={value ?? undefined}>
        {value ?? "no values"}
      </span>
    </p>
  );
}
