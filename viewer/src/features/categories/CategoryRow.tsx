import type { ReactNode } from "react";
import { Button } from "react-aria-components";
import { formatCount } from "../../lib/format";
import { MiddleEllipsis } from "../../ui/MiddleEllipsis";
import { TickBox } from "../../ui/TickBox";
import styles from "./categories.module.css";
import { type CategoryItem, MISSING_LABEL, UNLABELED } from "./order";

interface Props {
  item: CategoryItem;
  ticked: boolean;
  /** CSS color when the points are colored by this column. */
  swatch: string | null;
  bar: ReactNode;
  /** Characters of the longest count of the list: bars stand in one line. */
  countWidth: number;
  menu: ReactNode;
  onToggle(): void;
  onOnly(): void;
  onHover(hovered: boolean): void;
  /** Its color is to be chosen beside its row. */
  onRecolor?(row: Element): void;
  /** It is dragged into a group to be compared. */
  onDrag?(transfer: DataTransfer): void;
}

/** One category: box, color, name, bar and count. A double click keeps only this one. */
export function CategoryRow({
  item,
  ticked,
  swatch,
  bar,
  countWidth,
  menu,
  onToggle,
  onOnly,
  onHover,
  onRecolor,
  onDrag,
}: Props) {
  const name = item.value ?? (menu ? UNLABELED : MISSING_LABEL);
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the button "only" does the same for keys
    <div
      className={styles.category}
      data-ticked={ticked}
      // The box inside would end the drag before it begins (react-aria prevents its mouse down).
      onMouseDownCapture={(event) => onDrag && event.stopPropagation()}
      draggable={onDrag !== undefined}
      onDragStart={(event) => onDrag?.(event.dataTransfer)}
      onDoubleClick={onOnly}
      onPointerEnter={() => onHover(true)}
      onPointerLeave={() => onHover(false)}
      onFocus={() => onHover(true)}
      onBlur={() => onHover(false)}
    >
      <TickBox label={name} className={styles.tick} state={ticked ? "all" : "none"} onChange={onToggle}>
        {swatch && <span className={styles.swatch} data-ink style={{ background: swatch }} aria-hidden />}
        <MiddleEllipsis className={item.value === null ? styles.missing : styles.name} text={name} />
      </TickBox>
      {swatch && onRecolor && (
        // over the swatch, as a label may hold no button; a double click on it isolates nothing
        // biome-ignore lint/a11y/noStaticElementInteractions: it only keeps clicks to itself
        <span className={styles.recolor} onDoubleClick={(event) => event.stopPropagation()}>
          <Button
            aria-label={`Color of ${name}`}
            onPress={({ target }) => onRecolor(target.closest(`.${styles.category}`) ?? target)}
          />
        </span>
      )}
      <span className={styles.bars}>
        {bar}
        <Button className={styles.only} aria-label={`Only ${name}`} onPress={onOnly}>
          only
        </Button>
      </span>
      <Count item={item} width={countWidth} />
      {menu}
    </div>
  );
}

const short = new Intl.NumberFormat("en", { notation: "compact", maximumSignificantDigits: 3 });

/** Two large counts side by side leave no room for the name: "12.3K"; the tooltip has all digits. */
const shortCount = (count: number): string => (count < 10_000 ? String(count) : short.format(count));

/** "312", or "7/312" when only some are selected. */
export const countText = ({ selected, total }: CategoryItem): string =>
  selected === total ? formatCount(total) : `${shortCount(selected)}/${shortCount(total)}`;

function Count({ item, width }: { item: CategoryItem; width: number }) {
  const style = { minWidth: `${width}ch` };
  if (item.selected === item.total) {
    return (
      <span className={styles.count} style={style}>
        {countText(item)}
      </span>
    );
  }
  return (
    <span
      className={styles.count}
      style={style}
      role="img"
      aria-label={`${item.selected} of ${item.total} selected`}
      title={`${formatCount(item.selected)} of ${formatCount(item.total)} cells selected`}
    >
      <b>{shortCount(item.selected)}</b>
      <span className={styles.of}>/{shortCount(item.total)}</span>
    </span>
  );
}
