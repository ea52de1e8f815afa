import { useEffect, useRef } from "react";
import { FIGURE_KINDS, type FigureKind } from "../../state/figure";
import { BusyLine } from "../../ui/BusyLine";
import { Late } from "../../ui/Late";
import { Problem } from "../../ui/Problem";
import { useApp, useView, useViewer } from "../useViewer";
import { EmptyFigure } from "./EmptyFigure";
import styles from "./figures.module.css";
import { Options } from "./Options";
import { Print } from "./Print";
import { type FigureShown, useFigure } from "./useFigure";

export const KIND_LABELS: Record<FigureKind, string> = {
  dot: "Dot plot",
  matrix: "Matrix plot",
  stacked: "Stacked violin",
  violin: "Violin",
  heat: "Heat map",
  composition: "Composition",
  sankey: "Sankey",
  grid: "Embedding grid",
  embedding: "Embedding",
};

/** The dock's tab of figures: which one, of what, and how it is printed. */
export function FiguresDock() {
  // A link may open the tab before the dataset is known.
  return useApp((state) => state.dataset !== null) ? <Figures /> : null;
}

function Figures() {
  const shown = useFigure();
  return (
    <div className={styles.dock}>
      <Kinds />
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be within reach of the keys */}
      <div className={styles.middle} aria-busy={shown.busy} tabIndex={0}>
        <div className={styles.bar}>
          <BusyLine label={shown.busy ? "Drawing the figure" : null} />
        </div>
        <Shown shown={shown} />
      </div>
      <aside className={styles.side} aria-label="Settings of the figure">
        <Options shown={shown} />
        <Print shown={shown} />
      </aside>
    </div>
  );
}

function Kinds() {
  const viewer = useViewer();
  const kind = useView((view) => view.figure.kind);
  return (
    <fieldset className={styles.kinds}>
      <legend className={styles.hidden}>Kind of figure</legend>
      {FIGURE_KINDS.map((each) => (
        <label key={each} className={styles.kind} data-chosen={each === kind || undefined}>
          <input
            type="radio"
            name="cxg-figure-kind"
            className={styles.hidden}
            checked={each === kind}
            onChange={() => viewer.do({ type: "setFigure", changes: { kind: each } })}
          />
          {KIND_LABELS[each]}
        </label>
      ))}
    </fieldset>
  );
}

function Shown({ shown }: { shown: FigureShown }) {
  const { missing, answered, problem, sheet, unknown } = shown;
  if (missing) return <EmptyFigure missing={missing} />;
  if (answered.error) return <Problem message={answered.error} onRetry={answered.retry} />;
  if (problem) return <p className={styles.note}>{problem}</p>;
  return (
    <>
      {unknown.length > 0 && <p className={styles.note}>{unknownSentence(unknown)}</p>}
      {sheet ? (
        <Paper shown={shown} />
      ) : (
        <p className={styles.note}>
          <Late>Drawing the figure …</Late>
        </p>
      )}
    </>
  );
}

const NAMED = 5;

export function unknownSentence(unknown: readonly string[]): string {
  const more = unknown.length > NAMED ? ` and ${unknown.length - NAMED} more` : "";
  return `Not in this layer: ${unknown.slice(0, NAMED).join(", ")}${more}.`;
}

/** The sheet in the page; a click colors the cells by the gene, a double click leaves only the group. */
function Paper({ shown }: { shown: FigureShown }) {
  const viewer = useViewer();
  const place = useRef<HTMLDivElement>(null);
  const { sheet, by, table } = shown;
  useEffect(() => {
    const svg = sheet?.svg;
    if (!svg || !place.current) return;
    svg.setAttribute("role", "img");
    svg.setAttribute("aria-label", sheet.summary);
    // Smaller where there is no room, as long as it can be read.
    svg.style.maxWidth = `max(100%, ${Math.round(sheet.width * LEAST_SCALE)}px)`;
    svg.style.height = "auto";
    place.current.replaceChildren(document.adoptNode(svg));
  }, [sheet]);

  const markOf = (target: EventTarget): { feature: string | null; group: string | null } => {
    const mark = (target as Element).closest("[data-feature], [data-group]");
    return {
      feature: mark?.getAttribute("data-feature") ?? null,
      group: mark?.getAttribute("data-group") ?? null,
    };
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: what a click does here, rows and boxes at the sides do by keyboard
    // biome-ignore lint/a11y/useKeyWithClickEvents: as above
    <div
      ref={place}
      className={styles.paper}
      onClick={(event) => {
        const { feature } = markOf(event.target);
        const gene = feature === null ? undefined : viewer.genes.lookup(feature);
        if (gene !== undefined) viewer.do({ type: "colorBy", color: { kind: "gene", name: gene } });
      }}
      onDoubleClick={(event) => {
        const { group } = markOf(event.target);
        const value = group === null || !table ? undefined : groupName(table.texts("group"), Number(group));
        if (by !== null && value !== undefined) viewer.do({ type: "onlyCategory", column: by, value });
      }}
    />
  );
}

const LEAST_SCALE = 0.65;

/** Groups are numbered as they come. */
const groupName = (texts: (string | null)[], at: number): string | undefined =>
  [...new Set(texts)][at] ?? undefined;
