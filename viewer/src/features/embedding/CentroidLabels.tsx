import { useEffect, useMemo, useRef, useSyncExternalStore } from "react";
import { obsKey } from "../../data/keys";
import { centroids, placed } from "../../lib/centroids";
import { middleEllipsis } from "../../lib/format";
import { isTicked } from "../../state/filters";
import {
  useApp,
  useColumn,
  useCounts,
  useTransient,
  useTransientStore,
  useView,
  useViewer,
} from "../useViewer";
import styles from "./centroids.module.css";
import type { Plot } from "./Plot";

const LETTERS = 27;
const LETTER = 7.2; // CSS pixels, on average
const LINE = 18;
const MOST = 300; // names: more could not be told apart

/** The names of the categories that color the points, each in the middle of its cells. */
export function CentroidLabels({ plot }: { plot: Plot }) {
  const viewer = useViewer();
  const box = useRef<HTMLDivElement>(null);
  const transient = useTransientStore();
  const highlight = useTransient((state) => state.highlight);
  const filters = useView((view) => view.filters);
  const by = useApp((state) => plot.shown.colors(viewer, state.view).by);
  const name = by?.kind === "obs" ? by.name : null;
  const { column } = useColumn(name === null ? null : obsKey(name));
  const inside = useCounts().inside();
  const points = useSyncExternalStore(plot.onMoved, () => plot.embedding);
  useSyncExternalStore(plot.onMoved, () => `${plot.camera.x} ${plot.camera.y} ${plot.camera.zoom}`);
  useSyncExternalStore(plot.onMoved, () => `${plot.width}×${plot.height}`);

  const middles = useMemo(() => {
    if (!points || column?.kind !== "categorical" || points.x.length !== column.codes.length) return null;
    return centroids(points.x, points.y, column.codes, column.categories.length, inside);
  }, [points, column, inside]);
  const order = useMemo(() => {
    if (!middles || column?.kind !== "categorical") return [];
    const codes = column.categories.map((_, code) => code);
    return codes
      .filter((code) => middles.count[code]! > 0 && column.categories[code] !== "unassigned")
      .sort((a, b) => middles.count[b]! - middles.count[a]!)
      .slice(0, MOST);
  }, [middles, column]);

  // A press on a name belongs to the plot, which takes the pointer: the second one of a double click comes there.
  useEffect(() => {
    const element = box.current?.parentElement;
    if (!element || name === null || column?.kind !== "categorical") return;
    const onDoubleClick = (event: MouseEvent): void => {
      const under = document.elementsFromPoint(event.clientX, event.clientY);
      const label = under.find((found) => found.parentElement === box.current);
      const code = label instanceof HTMLElement ? Number(label.dataset.code) : Number.NaN;
      const value = column.categories[code];
      if (value !== undefined) viewer.do({ type: "onlyCategory", column: name, value });
    };
    element.addEventListener("dblclick", onDoubleClick);
    return () => element.removeEventListener("dblclick", onDoubleClick);
  }, [viewer, name, column]);
  useEffect(() => () => transient.setState({ highlight: null }), [transient]);

  if (name === null || column?.kind !== "categorical" || !middles) return null;
  const { toScreen } = plot.projection;
  const boxes = placed(
    order.map((code) => {
      const [px, py] = toScreen(middles.x[code]!, middles.y[code]!);
      const width = LETTER * Math.min(LETTERS, column.categories[code]!.length) + 4;
      return { left: px - width / 2, top: py - LINE / 2, width, height: LINE };
    }),
  );
  const hovered = highlight?.column === name ? highlight.code : null;
  return (
    <div ref={box} className={styles.labels} aria-hidden data-testid="centroids">
      {order.map((code, i) => {
        const value = column.categories[code]!;
        const at = boxes[i];
        if (!at && code !== hovered) return null;
        const [px, py] = toScreen(middles.x[code]!, middles.y[code]!);
        return (
          <span
            key={code}
            className={styles.label}
            data-code={code}
            data-faded={!isTicked(filters, name, value)}
            data-hovered={code === hovered}
            style={{ left: px, top: at ? at.top + LINE / 2 : py }}
            onPointerEnter={() => transient.setState({ highlight: { column: name, code } })}
            onPointerLeave={() => transient.setState({ highlight: null })}
          >
            {middleEllipsis(value, LETTERS)}
          </span>
        );
      })}
    </div>
  );
}
