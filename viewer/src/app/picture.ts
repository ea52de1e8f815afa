// The picture that stays in the notebook: the plot with its title and legend, light, at twice the size.

import type { Picture } from "../bridge/picture";
import { sourceKey } from "../data/keys";
import type { Plot } from "../features/embedding/Plot";
import { plotStyleOf } from "../features/embedding/pointStyle";
import { endSign, formatCount, formatNumber, middleEllipsis } from "../lib/format";
import { rgbAt, rgbToCss } from "../lib/palettes";
import { embeddingOf, type PointColors, pointColors } from "../state/selectors";

const RATIO = 2; // pixels per CSS pixel
const TITLE = 34; // CSS pixels
const LEGEND = { narrowest: 120, widest: 260 };
const LINE = 18;
const SMALLEST = { width: 420, height: 300 };
const TALLEST = 640;
const FONT = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, sans-serif";

/** Where the legend goes, in CSS pixels. */
interface Box {
  left: number;
  right: number;
  bottom: number;
}

interface Ink {
  text: string;
  muted: string;
  missing: string;
  background: string;
}

/** Null while there are no points. */
export async function takePicture(plot: Plot): Promise<Picture | null> {
  if (!plot.embedding) return null;
  const { viewer } = plot;
  const { view } = viewer.store.getState();
  const colors = pointColors(viewer, view);
  const style = { ...plotStyleOf("light"), ...plot.pointLook };
  const plotWidth = Math.max(plot.width, SMALLEST.width);
  const plotHeight = Math.min(Math.max(plot.height, SMALLEST.height), TALLEST);
  const canvas = document.createElement("canvas");
  const draw = canvas.getContext("2d");
  if (!draw) throw new Error("This browser gives no 2D canvas.");
  const width = Math.round(plotWidth + legendWidth(draw, plot, colors));
  const height = Math.round(plotHeight + TITLE);
  canvas.width = width * RATIO;
  canvas.height = height * RATIO;
  const ink = lightInk(rgbToCss(style.background), rgbToCss(style.missing));
  draw.scale(RATIO, RATIO);
  draw.fillStyle = ink.background;
  draw.fillRect(0, 0, width, height);
  const points = await plot.renderer.picture(plot.camera, plotWidth, plotHeight, RATIO, style);
  draw.drawImage(points, 0, TITLE, plotWidth, plotHeight);
  drawTitle(draw, plot, ink);
  drawLegend(draw, plot, colors, { left: plotWidth, right: width - 8, bottom: height - 8 }, ink);

  const blob = await new Promise<Blob | null>((done) => canvas.toBlob(done, "image/png"));
  return blob && { png: await blob.arrayBuffer(), width, height };
}

/** As wide as the longest name asks for, within limits; 0 without colors. */
function legendWidth(draw: CanvasRenderingContext2D, { viewer }: Plot, { by }: PointColors): number {
  if (!by) return 0;
  const column = viewer.columns.get(sourceKey(by));
  const names = column?.kind === "categorical" ? column.categories : [];
  draw.font = `12px ${FONT}`;
  const longest = [...names, by.name].reduce((most, name) => Math.max(most, draw.measureText(name).width), 0);
  return Math.min(LEGEND.widest, Math.max(LEGEND.narrowest, longest + 40));
}

/** The text, cut in its middle until it is no wider than `room`. */
function fitted(draw: CanvasRenderingContext2D, font: string, text: string, room: number): string {
  draw.font = font;
  let shown = text;
  for (let length = text.length; length > 3 && draw.measureText(shown).width > room; length--) {
    shown = middleEllipsis(text, length - 1);
  }
  return shown;
}

function lightInk(background: string, missing: string): Ink {
  const probe = document.createElement("div");
  probe.dataset.theme = "light";
  document.body.append(probe);
  const tokens = getComputedStyle(probe);
  const text = tokens.getPropertyValue("--cxg-text");
  const muted = tokens.getPropertyValue("--cxg-text-muted");
  probe.remove();
  return { text, muted, missing, background };
}

function drawTitle(draw: CanvasRenderingContext2D, { viewer }: Plot, ink: Ink): void {
  const state = viewer.store.getState();
  const { total, selected } = state.tally;
  const cells = selected === total ? formatCount(total) : `${formatCount(selected)} of ${formatCount(total)}`;
  write(draw, `600 14px ${FONT}`, ink.text, middleEllipsis(state.dataset?.title ?? "", 40), 12, 22);
  const after = 12 + draw.measureText(middleEllipsis(state.dataset?.title ?? "", 40)).width + 10;
  write(draw, `12px ${FONT}`, ink.muted, `${embeddingOf(state) ?? ""} · ${cells} cells`, after, 22);
}

function drawLegend(
  draw: CanvasRenderingContext2D,
  { viewer }: Plot,
  colors: PointColors,
  box: Box,
  ink: Ink,
): void {
  const { by, palette, domain, cut } = colors;
  if (!by) return;
  const column = viewer.columns.get(sourceKey(by));
  const slant = by.kind === "gene" ? "italic " : "";
  const font = `${slant}600 12px ${FONT}`;
  write(draw, font, ink.text, fitted(draw, font, by.name, box.right - box.left), box.left, TITLE + 20);
  if (domain) drawBar(draw, palette, domain, cut, box.left, TITLE + 32, ink);
  else if (column?.kind === "categorical") drawCategories(draw, column.categories, palette, box, ink);
}

function drawBar(
  draw: CanvasRenderingContext2D,
  palette: Uint8Array,
  domain: readonly [number, number],
  cut: readonly [boolean, boolean],
  left: number,
  top: number,
  ink: Ink,
): void {
  const tall = 160;
  const last = palette.length / 3 - 1;
  for (let y = 0; y < tall; y++) {
    draw.fillStyle = rgbToCss(rgbAt(palette, Math.round(last * (1 - y / (tall - 1)))));
    draw.fillRect(left, top + y, 14, 1.5);
  }
  for (const part of [0, 0.5, 1]) {
    const value = domain[0] + (domain[1] - domain[0]) * part;
    const text = endSign(cut, part) + formatNumber(value);
    write(draw, `11px ${FONT}`, ink.muted, text, left + 20, top + tall * (1 - part) + 4);
  }
}

function drawCategories(
  draw: CanvasRenderingContext2D,
  categories: readonly string[],
  palette: Uint8Array,
  { left, right, bottom }: Box,
  ink: Ink,
): void {
  const top = TITLE + 40;
  const font = `12px ${FONT}`;
  const room = Math.max(1, Math.floor((bottom - top) / LINE));
  const shown = categories.length <= room ? categories : categories.slice(0, room - 1);
  shown.forEach((category, i) => {
    const y = top + i * LINE;
    draw.fillStyle = rgbToCss(rgbAt(palette, i));
    draw.beginPath();
    draw.arc(left + 5, y, 5, 0, 2 * Math.PI);
    draw.fill();
    write(draw, font, ink.text, fitted(draw, font, category, right - left - 16), left + 16, y + 4);
  });
  const more = categories.length - shown.length;
  if (more > 0) write(draw, font, ink.muted, `${more} more`, left + 16, top + shown.length * LINE + 4);
}

function write(
  draw: CanvasRenderingContext2D,
  font: string,
  color: string,
  text: string,
  x: number,
  y: number,
): void {
  draw.font = font;
  draw.fillStyle = color;
  draw.fillText(text, x, y);
}
