import { ChevronDown } from "lucide-react";
import { useEffect, useMemo, useRef, useState } from "react";
import { Button } from "react-aria-components";
import { isTicked } from "../../state/filters";
import type { CategoricalColumn } from "../../state/viewer";
import { MiddleEllipsis } from "../../ui/MiddleEllipsis";
import { useSize } from "../../ui/useSize";
import { cssColors, usePointColors } from "../useColors";
import { useCounts, useTransientStore, useView, useViewer } from "../useViewer";
import styles from "./legend.module.css";
import { roomFor } from "./room";

interface Props {
  name: string;
  column: CategoricalColumn;
  /** Opens the list of all categories. */
  onMore(): void;
  startOpen: boolean;
}

const SHOWN = 12;

/**
 * The colors of categories at a corner of the plot, for when the sidebar does not show them: beside the points where
 * there is room, folded where there is none and nobody has opened it.
 */
export function CategoryLegend({ name, column, onMore, startOpen }: Props) {
  const viewer = useViewer();
  const transient = useTransientStore();
  const field = useRef<Element>(null); // in which the plots stand
  const size = useSize(field);
  const plots = useView((view) => view.panels.length) + 1;
  const room = size ? roomFor(size, plots) : "none";
  const [chosen, choose] = useState<boolean | null>(null); // somebody has opened or closed it: then it stays so
  const open = chosen ?? (startOpen && room !== "none");
  useEffect(() => () => transient.setState({ highlight: null }), [transient]); // it may go while hovered
  const { palette } = usePointColors();
  const colors = useMemo(() => cssColors(palette), [palette]);
  const filters = useView((view) => view.filters);
  const counts = useCounts().categories(name);

  // of many categories, the largest
  const codes = useMemo(() => {
    const all = column.categories.map((_, code) => code);
    if (all.length <= SHOWN || !counts) return all.slice(0, SHOWN);
    return all.sort((a, b) => counts.total[b]! - counts.total[a]!).slice(0, SHOWN);
  }, [column, counts]);
  const all = useMemo(() => [...column.categories, ...(column.missing > 0 ? [null] : [])], [column]);
  const more = column.categories.length - codes.length;

  return (
    <section
      ref={(box) => {
        field.current = box?.parentElement ?? null;
      }}
      className={styles.legend}
      data-kind="categories"
      data-open={open}
      data-beside={open && room !== "over" && room !== "none" ? room : undefined}
      data-over-plot
      aria-label={`Colors of ${name}`}
    >
      <Button className={styles.toggle} aria-expanded={open} onPress={() => choose(!open)}>
        <span className={styles.title}>{name}</span>
        <ChevronDown className={styles.chevron} data-open={open} aria-hidden />
      </Button>
      {open && (
        <ul className={styles.categories}>
          {codes.map((code) => {
            const value = column.categories[code]!;
            return (
              <li key={code} onDoubleClick={() => viewer.do({ type: "onlyCategory", column: name, value })}>
                <Button
                  className={styles.category}
                  aria-label={value}
                  data-ticked={isTicked(filters, name, value)}
                  aria-pressed={isTicked(filters, name, value)}
                  onHoverChange={(on) =>
                    transient.setState({ highlight: on ? { column: name, code } : null })
                  }
                  onPress={() => viewer.do({ type: "toggleCategory", column: name, value, all })}
                >
                  <span className={styles.swatch} data-ink style={{ background: colors[code] }} aria-hidden />
                  <MiddleEllipsis text={value} />
                </Button>
              </li>
            );
          })}
          {more > 0 && (
            <li>
              <Button className={styles.more} onPress={onMore}>
                {more} more…
              </Button>
            </li>
          )}
        </ul>
      )}
    </section>
  );
}
