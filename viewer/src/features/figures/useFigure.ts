// The figure that is shown: its question, the answer, and the sheet that is drawn of it.

import { useEffect, useMemo, useState } from "react";
import { obsKey } from "../../data/keys";
import { formatCount } from "../../lib/format";
import { type FigureKind, SELECTION } from "../../state/figure";
import type { ColorBy } from "../../state/state";
import { useApp, useView, useViewer } from "../useViewer";
import type { Sheet } from "./draw/compose";
import { PRINT } from "./draw/paper";
import type { Provenance } from "./export/provenance";
import { shownInk, useShownTheme } from "./palette";
import { featuresOf, MAX_PANELS, neededColumns } from "./panels";
import { chosenOf, groupingOf, questionOf } from "./question";
import { makeSheet } from "./sheet";
import { type Table, tableOf } from "./table";
import { type Answered, useAnswer } from "./useAnswer";

const NAMES = {
  dot: "Dot plot",
  matrix: "Matrix plot",
  stacked: "Stacked violins",
  violin: "Violin plots",
  heat: "Heat map",
  composition: "Composition",
  sankey: "Sankey diagram",
  grid: "Expression on the embedding",
  embedding: "Embedding",
} as const;

export interface FigureShown {
  sheet: Sheet | null;
  answered: Answered;
  busy: boolean;
  problem: string | null; // why there is nothing to draw
  missing: "genes" | "columns" | "selection" | null; // what the user has to choose first
  unknown: string[];
  table: Table | null;
  by: string | null; // the column behind `data-group`, where one click can mean it
  /** As it leaves the page: in print's colors, pictures at this resolution. */
  print(dpi: number): Promise<{ sheet: Sheet; about: Provenance }>;
}

interface Drawn {
  sheet: Sheet | null;
  problem: string | null;
  kind: FigureKind | null; // of the sheet, while another one is on its way
}

/** All inputs of the figure in one place, so that what is printed is what is shown. */
export function useFigure(): FigureShown {
  const viewer = useViewer();
  const view = useView((state) => state);
  const dataset = useApp((state) => state.dataset)!;
  const sets = useApp((state) => state.sets.list);
  const tally = useApp((state) => state.tally);
  const points = useApp((state) => state.version.points);
  const edits = useApp((state) => state.version.edits);
  const theme = useShownTheme();
  const { figure } = view;

  const chosen = useMemo(() => chosenOf(figure, view, sets, dataset), [figure, view, sets, dataset]);
  const grouping = useMemo(() => groupingOf(figure, view, dataset), [figure, view, dataset]);
  const ofPoints = figure.kind === "grid" || figure.kind === "embedding";
  const noCells = figure.cells === "selected" && tally.selected === 0;

  const { kind, cells, layer, cutoff } = figure;
  const { by, split } = grouping;
  const features = JSON.stringify([chosen.genes, chosen.columns]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the versions say that masks and annotations changed
  const question = useMemo(() => {
    if (noCells) return null;
    const masks = { selected: viewer.counts.selected(), inside: viewer.counts.inside() };
    return questionOf(figure, chosen, grouping, masks);
  }, [
    viewer,
    kind,
    cells,
    layer,
    cutoff,
    by,
    split,
    grouping.bars.join("\n"),
    features,
    points,
    edits,
    noCells,
  ]);
  const key = useMemo(() => question && `${edits} ${JSON.stringify(question)}`, [question, edits]);
  const answered = useAnswer(key, question);
  const table = useMemo(() => (answered.doc ? tableOf(answered.doc) : null), [answered.doc]);

  // Columns of the panels, and of categories for their colors.
  const columns = [...neededColumns(figure, chosen, split)];
  for (const name of [by, split, ...grouping.bars])
    if (name !== null && name !== SELECTION) columns.push(obsKey(name));
  const wanted = JSON.stringify(columns);
  const loaded = useApp((state) =>
    columns.map((each) => (typeof state.columns[each] === "object" ? "failed" : state.columns[each])).join(),
  );
  useEffect(() => {
    const stops = (JSON.parse(wanted) as string[]).map((each) => viewer.watch(each));
    for (const each of JSON.parse(wanted) as string[]) viewer.columns.want(each);
    return () => {
      for (const stop of stops) stop();
    };
  }, [viewer, wanted]);

  const missing = missingOf(
    ofPoints,
    noCells,
    question,
    figure.kind,
    chosen.genes.length + chosen.columns.length,
  );
  const caption = captionOf();
  const [drawn, setDrawn] = useState<Drawn>({ sheet: null, problem: null, kind: null });
  const failed = featuresOf(figure, chosen).filter((_, i) => loaded.split(",")[i] === "failed");
  const waiting =
    columns.length > 0 && loaded.split(",").some((each) => each !== "ready" && each !== "failed");
  const nothing = answered.error !== null || drawn.problem !== null;
  const lines = figure.caption ? caption : [];
  const shownKind = ofPoints || answered.key === key;
  // biome-ignore lint/correctness/useExhaustiveDependencies: theme, points and loaded say that colors or cells changed
  useEffect(() => {
    if (missing || !shownKind || (!ofPoints && !table)) return;
    let current = true;
    const ratio = ofPoints ? Math.max(2, window.devicePixelRatio) : 1;
    const shared = { viewer, view, dataset, chosen, grouping, table, caption: lines, clear: true };
    makeSheet({ ...shared, ink: shownInk(), ratio }).then(
      (sheet) => current && sheet && setDrawn({ sheet, problem: null, kind }),
      (error: unknown) => {
        const problem = error instanceof Error ? error.message : String(error);
        if (current) setDrawn({ sheet: null, problem, kind });
      },
    );
    return () => {
      current = false;
    };
  }, [
    viewer,
    view.figure,
    view.palette,
    view.reversed,
    view.colorRanges,
    view.labelColors,
    view.color,
    view.camera,
    view.embedding,
    view.centroids,
    view.pointSize,
    view.opacity,
    dataset,
    chosen,
    grouping,
    table,
    missing,
    shownKind,
    ofPoints,
    theme,
    loaded,
    ofPoints ? points : 0,
    lines.join("\n"),
  ]);

  function captionOf(): string[] {
    const inside = tally.inside;
    const of = figure.cells === "selected" ? tally.selected : inside;
    const which =
      of === tally.total
        ? `${formatCount(of)} cells`
        : `${formatCount(of)} of ${formatCount(tally.total)} cells`;
    const how = [
      kind === "grid" || (table && !ofPoints && table.features.length > 0) ? `layer ${layer}` : "",
      kind === "dot" && cutoff !== 0 ? `expressed above ${cutoff}` : "",
      table && !ofPoints && table.leftOut > 0
        ? `${formatCount(table.leftOut)} without a category left out`
        : "",
      kind === "heat" && table && table.rows < table.cells - table.leftOut
        ? `${formatCount(table.rows)} drawn at random`
        : "",
      kind === "stacked" ? "each feature on its own scale" : "",
    ].filter(Boolean);
    return [
      [
        `${dataset.title}, revision ${view.revision}`,
        which,
        ...how,
        `jupyter_cxg ${viewer.page.version}`,
      ].join(" · "),
    ];
  }

  return {
    sheet: missing ? null : drawn.sheet,
    answered,
    busy: answered.busy || (ofPoints && waiting) || (!missing && !nothing && drawn.kind !== kind),
    problem: drawn.problem,
    missing,
    unknown:
      kind === "grid" ? namesOf(failed) : table && !ofPoints && answered.key === key ? table.unknown : [],
    table,
    by: split === null && by !== SELECTION ? by : null,
    print: async (dpi) => {
      const shared = { viewer, view, dataset, chosen, grouping, table, caption: lines, clear: figure.clear };
      const sheet = await makeSheet({ ...shared, ink: PRINT, ratio: dpi / 96 });
      if (!sheet) throw new Error("The figure is not there yet.");
      return { sheet, about: aboutOf() };
    },
  };

  function aboutOf(): Provenance {
    const ofSelected = figure.cells === "selected" || kind === "embedding";
    const shown = figure.cells === "selected" ? tally.selected : tally.inside;
    const ofPanels = kind === "grid" ? [...chosen.genes, ...chosen.columns].slice(0, MAX_PANELS) : [];
    const names = ofPoints ? ofPanels : (table?.features ?? []);
    return {
      title: NAMES[kind],
      dataset: {
        title: dataset.title,
        id: viewer.page.id,
        revision: view.revision,
        cells: dataset.nObs,
        genes: dataset.nVar,
      },
      cells: { shown, of: tally.total, which: figure.cells, leftOut: (!ofPoints && table?.leftOut) || 0 },
      filters: ofSelected || by === SELECTION || split === SELECTION ? view.filters : [],
      subset: view.subset,
      figure,
      features: names,
      grouping,
      embedding: ofPoints ? (view.embedding ?? dataset.defaultEmbedding) : null,
      color: kind === "embedding" ? view.color : null,
      palette: view.reversed ? `${view.palette}, reversed` : view.palette,
      software: `jupyter_cxg ${viewer.page.version}`,
      made: new Date().toISOString(),
    };
  }
}

const namesOf = (features: ColorBy[]): string[] => features.map(({ name }) => name);

function missingOf(
  ofPoints: boolean,
  noCells: boolean,
  question: object | null,
  kind: string,
  features: number,
): FigureShown["missing"] {
  if (kind === "embedding") return null;
  if (noCells) return "selection";
  if (kind === "grid" && features === 0) return "genes";
  if (ofPoints || question) return null;
  return kind === "sankey" ? "columns" : "genes";
}
