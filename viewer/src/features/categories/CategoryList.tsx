import { ArrowDownUp, Search } from "lucide-react";
import { useEffect, useMemo, useRef, useState } from "react";
import { Input, SearchField } from "react-aria-components";
import { formatCount } from "../../lib/format";
import { isTicked } from "../../state/filters";
import type { CategoricalColumn } from "../../state/viewer";
import { IconButton } from "../../ui/Button";
import { Menu } from "../../ui/Menu";
import { useSize } from "../../ui/useSize";
import { Windowed } from "../../ui/Windowed";
import { startDrag } from "../dragCells";
import { type ColorAsked, LabelColor } from "../LabelColor";
import type { CategorySlots } from "../slots";
import { cssColors, usePointColors } from "../useColors";
import { useApp, useCounts, useTransientStore, useView, useViewer } from "../useViewer";
import { CategoryRow, countText } from "./CategoryRow";
import { ChangedColors } from "./ChangedColors";
import styles from "./categories.module.css";
import { folded } from "./folding";
import { OccupancyBar } from "./OccupancyBar";
import { OtherCategories } from "./OtherCategories";
import { type CategoryItem, matching, type Order, ordered, roomForBars } from "./order";
import type { Category } from "./ticks";
import { useOccupancy } from "./useOccupancy";

interface Props {
  name: string;
  column: CategoricalColumn;
  all: readonly Category[];
  rowHeight: number;
  /** What stands beside each category: of columns that may be edited. */
  menu?: CategorySlots["category"];
}

const SEARCHABLE = 12; // lists longer than this can be searched and sorted
const MENU = 22; // CSS pixels of the menu beside a category
const LIST_HEIGHT = 12.5; // rows in sight of a long list: half a row says that there is more

const ORDERS: [Order, string][] = [
  ["given", "As in the data"],
  ["name", "By name"],
  ["count", "By number of cells"],
  ["color", "By mean of the color"],
];

/** The categories of one column. */
export function CategoryList({ name, column, all, rowHeight, menu }: Props) {
  const viewer = useViewer();
  const transient = useTransientStore();
  const [text, setText] = useState("");
  const [asked, askColor] = useState<ColorAsked | null>(null);
  const [order, setOrder] = useState<Order>("given");
  const filters = useView((view) => view.filters);
  const { palette, by } = usePointColors();
  const isColor = by?.kind === "obs" && by.name === name;
  const colors = useMemo(() => cssColors(palette), [palette]);
  const table = useOccupancy(name, column);
  const means = table?.kind === "distribution" ? table.means : null;

  const items = useItems(name, column);
  const sorted = useMemo(() => ordered(items, order, means), [items, order, means]);
  const [unfolded, unfold] = useState(false);
  const cap = useApp((state) => state.dataset?.maxCategories ?? Number.POSITIVE_INFINITY);
  const { listed: shown, others } = useMemo(() => {
    // A search finds all of them.
    const whole = unfolded || text.trim() !== "";
    return folded(matching(sorted, text), whole ? Number.POSITIVE_INFINITY : cap);
  }, [sorted, text, unfolded, cap]);
  const most = useMemo(() => items.reduce((max, item) => Math.max(max, item.total), 0), [items]);
  const countWidth = useMemo(
    () => items.reduce((max, item) => Math.max(max, countText(item).length), 3),
    [items],
  );
  const long = items.length > SEARCHABLE;
  const box = useRef<HTMLDivElement>(null);
  const width = useSize(box)?.width ?? 0;
  const barsFit = useMemo(
    () => roomForBars(items, countWidth, width - (menu ? MENU : 0)),
    [items, countWidth, width, menu],
  );

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
          const swatch = isColor ? (colors[item.code] ?? "var(--cxg-point-missing)") : null;
          return (
            <CategoryRow
              item={item}
              ticked={isTicked(filters, name, item.value)}
              swatch={swatch}
              countWidth={countWidth}
              menu={menu?.(name, item.value)}
              onToggle={() =>
                viewer.do({ type: "toggleCategory", column: name, value: item.value, all: [...all] })
              }
              onOnly={() => viewer.do({ type: "onlyCategory", column: name, value: item.value })}
              onHover={(on) => highlight(item.code, on)}
              onRecolor={
                swatch === null || item.value === null
                  ? undefined
                  : (anchor) => askColor({ column: name, label: item.value!, anchor })
              }
              onDrag={(transfer) =>
                startDrag(transfer, { kind: "category", column: name, value: item.value })
              }
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
      {others.length > 0 && (
        <OtherCategories name={name} others={others} all={all} onShow={() => unfold(true)} />
      )}
      {items.length < all.length && (
        <p className={styles.nothing}>
          {formatCount(all.length - items.length)} without cells in the subset.
        </p>
      )}
      {isColor && <ChangedColors name={name} />}
      <LabelColor asked={asked} onClose={() => askColor(null)} />
    </div>
  );
}

function useItems(name: string, column: CategoricalColumn): CategoryItem[] {
  const counted = useCounts();
  const counts = counted.categories(name);
  const subset = counted.inside() !== null;
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
    return subset && counts ? items.filter(({ total }) => total > 0) : items;
  }, [column, counts, subset]);
}
