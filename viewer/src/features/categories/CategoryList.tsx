import { ArrowDownUp, Search } from "lucide-react";
import { useEffect, useMemo, useRef, useState } from "react";
import { Input, SearchField } from "react-aria-components";
import { isTicked } from "../../state/filters";
import type { CategoricalColumn } from "../../state/viewer";
import { IconButton } from "../../ui/Button";
import { Menu } from "../../ui/Menu";
import { useSize } from "../../ui/useSize";
import { Windowed } from "../../ui/Windowed";
import { cssColors, usePointColors } from "../useColors";
import { useCounts, useTransientStore, useView, useViewer } from "../useViewer";
import { CategoryRow, countText } from "./CategoryRow";
import styles from "./categories.module.css";
import { OccupancyBar } from "./OccupancyBar";
import { type CategoryItem, matching, type Order, ordered, roomForBars } from "./order";
import type { Category } from "./ticks";
import { useOccupancy } from "./useOccupancy";

interface Props {
  name: string;
  column: CategoricalColumn;
  all: readonly Category[];
  rowHeight: number;
}

const SEARCHABLE = 12; // lists longer than this can be searched and sorted
const LIST_HEIGHT = 12.5; // rows in sight of a long list: half a row says that there is more

const ORDERS: [Order, string][] = [
  ["given", "As in the data"],
  ["name", "By name"],
  ["count", "By number of cells"],
  ["color", "By mean of the color"],
];

/** The categories of one column. */
export function CategoryList({ name, column, all, rowHeight }: Props) {
  const viewer = useViewer();
  const transient = useTransientStore();
  const [text, setText] = useState("");
  const [order, setOrder] = useState<Order>("given");
  const filters = useView((view) => view.filters);
  const { palette, by } = usePointColors();
  const isColor = by?.kind === "obs" && by.name === name;
  const colors = useMemo(() => cssColors(palette), [palette]);
  const table = useOccupancy(name, column);
  const means = table?.kind === "distribution" ? table.means : null;

  const items = useItems(name, column);
  const sorted = useMemo(() => ordered(items, order, means), [items, order, means]);
  const shown = useMemo(() => matching(sorted, text), [sorted, text]);
  const most = useMemo(() => items.reduce((max, item) => Math.max(max, item.total), 0), [items]);
  const countWidth = useMemo(
    () => items.reduce((max, item) => Math.max(max, countText(item).length), 3),
    [items],
  );
  const long = items.length > SEARCHABLE;
  const box = useRef<HTMLDivElement>(null);
  const width = useSize(box)?.width ?? 0;
  const barsFit = useMemo(() => roomForBars(items, countWidth, width), [items, countWidth, width]);

  useEffect(() => () => transient.setState({ highlight: null }), [transient]); // a row may go while hovered
  const highlight = (code: number, on: boolean): void =>
    transient.setState({ highlight: on ? { column: name, code } : null });

  return (
    <div ref={box}>
      {long && (
        <div className={styles.tools}>
          <SearchField
            className={styles.search}
            aria-label={`Search the categories of ${name}`}
            value={text}
            onChange={setText}
          >
            <Search aria-hidden />
            <Input placeholder={`Search ${items.length} categories`} />
          </SearchField>
          <Menu
            label="Order of the categories"
            trigger={
              <IconButton label="Sort">
                <ArrowDownUp />
              </IconButton>
            }
            groups={[
              {
                chosen: order,
                entries: ORDERS.map(([id, label]) => ({
                  id,
                  label,
                  disabled: id === "color" && !means,
                  onSelect: () => setOrder(id),
                })),
              },
            ]}
          />
        </div>
      )}
      {shown.length === 0 && <p className={styles.nothing}>No category matches “{text}”.</p>}
      <Windowed
        label={name}
        items={shown}
        rowHeight={rowHeight}
        maxHeight={long ? LIST_HEIGHT * rowHeight : Number.POSITIVE_INFINITY}
        keyOf={(item) => String(item.code)}
      >
        {(item) => {
          const swatch = isColor && item.code >= 0 ? (colors[item.code] ?? null) : null;
          return (
            <CategoryRow
              item={item}
              ticked={isTicked(filters, name, item.value)}
              swatch={isColor ? (swatch ?? "var(--cxg-point-missing)") : null}
              countWidth={countWidth}
              onToggle={() =>
                viewer.do({ type: "toggleCategory", column: name, value: item.value, all: [...all] })
              }
              onOnly={() => viewer.do({ type: "onlyCategory", column: name, value: item.value })}
              onHover={(on) => highlight(item.code, on)}
              bar={
                (table || barsFit) && (
                  <OccupancyBar
                    item={item}
                    most={most}
                    occupancy={table}
                    row={item.code < 0 ? column.categories.length : item.code}
                    colors={colors}
                    swatch={swatch}
                  />
                )
              }
            />
          );
        }}
      </Windowed>
    </div>
  );
}

function useItems(name: string, column: CategoricalColumn): CategoryItem[] {
  const counts = useCounts().categories(name);
  return useMemo(() => {
    const items: CategoryItem[] = column.categories.map((value, code) => ({
      value,
      code,
      total: counts?.total[code] ?? 0,
      selected: counts?.selected[code] ?? 0,
    }));
    if (column.missing > 0) {
      const { total = column.missing, selected = 0 } = counts?.missing ?? {};
      items.push({ value: null, code: -1, total, selected });
    }
    return items;
  }, [column, counts]);
}
