import { Button } from "react-aria-components";
import { formatCount } from "../../lib/format";
import { isTicked, withTicked } from "../../state/filters";
import { TickBox } from "../../ui/TickBox";
import { useView, useViewer } from "../useViewer";
import styles from "./categories.module.css";
import type { CategoryItem } from "./order";
import type { Category } from "./ticks";

interface Props {
  name: string;
  others: readonly CategoryItem[];
  all: readonly Category[];
  onShow(): void;
}

/** The categories beyond the cap, as one row: to tick together, or to list after all. */
export function OtherCategories({ name, others, all, onShow }: Props) {
  const viewer = useViewer();
  const filters = useView((view) => view.filters);
  const values = new Set(others.map(({ value }) => value));
  const ticked = others.filter(({ value }) => isTicked(filters, name, value)).length;
  const state = ticked === 0 ? "none" : ticked === others.length ? "all" : "some";
  const toggle = (): void => {
    const on = state !== "all";
    const wanted = all.filter((value) => (values.has(value) ? on : isTicked(filters, name, value)));
    viewer.do({ type: "setFilters", filters: withTicked(filters, name, wanted, [...all]) });
  };
  const text = `${name}: all other labels`;
  const cells = others.reduce((sum, item) => sum + item.total, 0);
  return (
    <div className={styles.others}>
      <TickBox label={text} state={state} onChange={toggle}>
        <span className={styles.missing} title={`${formatCount(others.length)} labels`}>
          {text}
        </span>
      </TickBox>
      <Button
        className={styles.otherCount}
        onPress={onShow}
        aria-label={`List ${others.length} other labels`}
      >
        {formatCount(cells)} in {formatCount(others.length)} labels
      </Button>
    </div>
  );
}
