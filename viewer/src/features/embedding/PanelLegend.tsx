import { sourceKey } from "../../data/keys";
import { endSign, formatCount, formatNumber } from "../../lib/format";
import type { ColorBy } from "../../state/state";
import { cssColors, gradientStops } from "../useColors";
import { useApp, useColumn, useViewer } from "../useViewer";
import styles from "./panels.module.css";
import { panelView } from "./plotViews";

const NAMED = 8; // categories

/** What the colors of a panel mean, as small as it can be. */
export function PanelLegend({ number, color }: { number: number; color: ColorBy }) {
  const viewer = useViewer();
  const { column } = useColumn(sourceKey(color));
  const colors = useApp((state) => panelView(number).colors(viewer, state.view));
  if (!column || column.kind === "embedding" || colors.by === null) return null;
  if (column.kind === "continuous") {
    if (!colors.domain || !(column.max > column.min)) return null;
    const [low, high] = colors.shown ?? colors.domain;
    const stops = gradientStops(colors.palette, colors.domain, [low, high]);
    return (
      <div className={styles.numbers}>
        <span>{endSign(colors.cut, 0) + formatNumber(low)}</span>
        <i
          className={styles.gradient}
          style={{ background: `linear-gradient(90deg, ${stops.join(", ")})` }}
        />
        <span>{endSign(colors.cut, 1) + formatNumber(high)}</span>
      </div>
    );
  }
  const css = cssColors(colors.palette);
  const more = column.categories.length - NAMED;
  return (
    <ul className={styles.categories} aria-label={`Colors of ${color.name}`}>
      {column.categories.slice(0, more === 1 ? NAMED + 1 : NAMED).map((name, code) => (
        <li key={name}>
          <i className={styles.swatch} style={{ background: css[code] }} aria-hidden />
          <span title={name}>{name}</span>
        </li>
      ))}
      {more > 1 && <li className={styles.count}>and {formatCount(more)} more</li>}
    </ul>
  );
}
