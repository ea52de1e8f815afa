// A figure made whole: drawn twice, as what is beside and beneath it takes room of the size asked for.

import type { Figure } from "../../state/figure";
import type { ViewState } from "../../state/state";
import type { DatasetInfo, Viewer } from "../../state/viewer";
import { captionHeight, compose, legendWidth, type Sheet, wrapped } from "./draw/compose";
import { type Body, type Ink, PRINT, PX_PER_MM, type Setup } from "./draw/paper";
import { drawPoints } from "./draw/points";
import { setupOf } from "./palette";
import { pointsOf } from "./panels";
import type { Chosen, Grouping } from "./question";
import { renderTable } from "./render";
import type { Table } from "./table";

export interface Wanted {
  viewer: Viewer;
  view: ViewState;
  dataset: DatasetInfo;
  chosen: Chosen;
  grouping: Grouping;
  table: Table | null;
  ink: Ink;
  ratio: number; // pixels of pictures per pixel of the figure
  caption: string[];
  clear: boolean;
}

/** Null while something of it is not here. */
export async function makeSheet(wanted: Wanted): Promise<Sheet | null> {
  const { viewer, view, dataset, grouping, ink } = wanted;
  const { figure } = view;
  const ofPoints = figure.kind === "embedding" && view.color?.kind === "obs";
  const columns = ofPoints ? { by: view.color!.name, split: null, bars: [] } : grouping;
  const setup = setupOf(viewer, view, dataset, columns, ink);
  const first = await bodyOf(wanted, setup, 1);
  if (!first) return null;
  const sized = roomOf(figure, first, wanted.caption, setup);
  const body = sized === setup && wanted.ratio === 1 ? first : await bodyOf(wanted, sized, wanted.ratio);
  const background = wanted.clear ? null : ink.paper;
  return body && compose(body, { caption: wanted.caption, background }, setup);
}

async function bodyOf(wanted: Wanted, setup: Setup, ratio: number): Promise<Body | null> {
  const { viewer, view, chosen, grouping, table } = wanted;
  const { figure } = view;
  if (figure.kind === "grid" || figure.kind === "embedding") {
    const clear = wanted.clear && wanted.ink === PRINT; // the page has its own background
    const input = pointsOf(viewer, view, chosen, grouping.split, ratio, clear, setup);
    return input && drawPoints(input, setup);
  }
  return table && renderTable({ figure, table, chosen, diverging: view.palette === "rdbu" }, setup);
}

/** The same setup with the room that the sheet's size leaves for the body. */
function roomOf(figure: Figure, body: Body, caption: string[], setup: Setup): Setup {
  if (figure.width === null && figure.height === null) return setup;
  const { font } = setup;
  const pad = 1.2 * font;
  const whole = figure.width === null ? null : figure.width * PX_PER_MM;
  const width = whole === null ? null : Math.max(font * 6, whole - legendWidth(body.legends, setup) - pad);
  const lines = wrapped(
    caption,
    (whole ?? body.width + legendWidth(body.legends, setup) + pad) - pad,
    font * 0.8,
  );
  const high = figure.height === null ? null : figure.height * PX_PER_MM;
  const height = high === null ? null : Math.max(font * 6, high - captionHeight(lines, setup) - pad);
  return { ...setup, width, height };
}
