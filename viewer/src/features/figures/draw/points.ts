// Embeddings in print: the points as pictures of the resolution asked for, all else as it is in SVG.

import { firstRenderer } from "../../../gpu";
import type { PointStyle } from "../../../gpu/renderer";
import { type CameraLike, projection } from "../../../lib/camera";
import { endSign } from "../../../lib/format";
import type { PointColors } from "../../../state/selectors";
import { short } from "./grid";
import { type Body, element, FONT, type Legend, type Setup, sheet } from "./paper";

export interface PointsPanel {
  title: string;
  slanted: boolean;
  colors: PointColors;
  state: Uint8Array;
  ramp: boolean; // a color bar of its own beside it
}

export interface PointsInput {
  x: Float32Array;
  y: Float32Array;
  panels: PointsPanel[];
  camera: CameraLike;
  style: PointStyle;
  clear: boolean; // nothing behind the points
  ratio: number; // pixels of the picture per pixel of the figure
  axes: string; // the embedding's name
  labels: { name: string; x: number; y: number }[]; // at the centers of categories
  legends: Legend[];
  summary: string;
}

export async function drawPoints(input: PointsInput, setup: Setup): Promise<Body> {
  const { panels } = input;
  const { font, ink } = setup;
  const columns = columnsFor(panels.length);
  const rows = Math.ceil(panels.length / columns);
  const [head, gap] = [font * 1.8, font * 1.2];
  const ramp = panels.some((panel) => panel.ramp) ? font * 4 : 0;
  const foot = input.axes ? font * 1.6 : 0;
  const usual = panels.length === 1 ? font * 30 : font * 17;
  const side = setup.width ? (setup.width - foot - gap * (columns - 1)) / columns - ramp : usual;
  const high = setup.height
    ? (setup.height - foot - gap * (rows - 1)) / rows - head
    : setup.width
      ? side
      : usual;
  const width = columns * (side + ramp) + gap * (columns - 1) + foot;
  const height = rows * (head + high) + gap * (rows - 1) + foot;

  const pictures = await paint(input, side, high);
  const children: SVGElement[] = [];
  panels.forEach((panel, i) => {
    const left = foot + (i % columns) * (side + ramp + gap);
    const top = Math.floor(i / columns) * (head + high + gap);
    const where = { x: left, y: top + head, width: side, height: high };
    children.push(
      element(
        "text",
        {
          x: left + side / 2,
          y: top + font * 1.2,
          "text-anchor": "middle",
          "font-style": panel.slanted ? "italic" : null,
          "font-size": font * 1.1,
        },
        [panel.title],
      ),
      element("image", { ...where, href: pictures[i]!, preserveAspectRatio: "none" }),
      element("rect", { ...where, fill: "none", stroke: ink.line, "stroke-width": 0.6 }),
    );
    if (panel.ramp && panel.colors.domain) {
      children.push(
        bar(
          panel.colors.domain,
          panel.colors.cut,
          { left: left + side + font * 0.5, top: top + head, height: high },
          setup,
        ),
      );
    }
  });
  if (input.axes) children.push(axesAt(input.axes, foot, height - foot, setup));
  children.push(...namesOf(input, { left: foot, top: head, side, high }, setup));
  const svg = sheet(width, height, [
    element("g", { "font-family": FONT, "font-size": font, fill: ink.text }, children),
  ]);
  return { svg, width, height, legends: input.legends, summary: input.summary };
}

const columnsFor = (n: number): number =>
  n <= 3 ? Math.max(1, n) : n <= 8 ? Math.ceil(n / 2) : Math.min(6, Math.ceil(Math.sqrt(n * 1.5)));

/** All panels by one renderer, whose positions stay. */
async function paint(input: PointsInput, width: number, height: number): Promise<string[]> {
  const renderer = firstRenderer(document.createElement("canvas"), true);
  try {
    renderer.setPositions(input.x, input.y);
    const pictures: string[] = [];
    for (const { colors, state } of input.panels) {
      renderer.setPalette(colors.palette);
      renderer.setRamp(colors.ramp);
      renderer.setOrder(colors.order);
      renderer.setColors(colors.codes, colors.plain);
      renderer.setState(state);
      const on = (style: PointStyle) => renderer.picture(input.camera, width, height, input.ratio, style);
      const made = onCanvas(await on(input.style));
      if (input.clear) cutOut(made, onCanvas(await on({ ...input.style, background: [0, 0, 0] })));
      pictures.push(made.toDataURL("image/png"));
    }
    return pictures;
  } finally {
    renderer.dispose();
  }
}

function onCanvas(picture: ImageBitmap | HTMLCanvasElement): HTMLCanvasElement {
  if (picture instanceof HTMLCanvasElement) return picture;
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [picture.width, picture.height];
  canvas.getContext("2d")?.drawImage(picture, 0, 0);
  return canvas;
}

/** What looks alike on white and on black is there; the rest lets the background through. */
function cutOut(white: HTMLCanvasElement, black: HTMLCanvasElement): void {
  const [on, off] = [white.getContext("2d"), black.getContext("2d")];
  if (!on || !off) return;
  const { width, height } = white;
  const picture = on.getImageData(0, 0, width, height);
  const { data } = picture;
  const dark = off.getImageData(0, 0, width, height).data;
  for (let at = 0; at < data.length; at += 4) {
    const through = Math.max(
      data[at]! - dark[at]!,
      data[at + 1]! - dark[at + 1]!,
      data[at + 2]! - dark[at + 2]!,
    );
    const alpha = 255 - Math.max(0, through);
    for (let k = 0; k < 3; k++) data[at + k] = alpha === 0 ? 0 : (255 * dark[at + k]!) / alpha;
    data[at + 3] = alpha;
  }
  on.putImageData(picture, 0, 0);
}

/** A narrow color bar with its two ends. */
function bar(
  domain: readonly [number, number],
  cut: readonly [boolean, boolean],
  box: { left: number; top: number; height: number },
  setup: Setup,
): SVGElement {
  const { font, ink } = setup;
  const tall = Math.min(box.height, font * 9);
  const steps = 32;
  const all = element("g", { "font-size": font * 0.85, fill: ink.muted });
  for (let i = 0; i < steps; i++) {
    const y = box.top + tall - ((i + 1) * tall) / steps;
    all.append(
      element("rect", {
        x: box.left,
        y,
        width: font * 0.7,
        height: tall / steps + 0.3,
        fill: setup.map((i + 0.5) / steps),
      }),
    );
  }
  const x = box.left + font;
  all.append(
    element("text", { x, y: box.top + font * 0.7 }, [endSign(cut, 1) + short(domain[1])]),
    element("text", { x, y: box.top + tall }, [endSign(cut, 0) + short(domain[0])]),
  );
  return all;
}

/** Two short arrows with the embedding's name, as its axes mean nothing by themselves. */
function axesAt(name: string, left: number, bottom: number, { font, ink }: Setup): SVGElement {
  const long = font * 4;
  const [x, y] = [left - font * 0.6, bottom + font * 0.6];
  return element("g", { "font-size": font * 0.85, fill: ink.muted, stroke: "none" }, [
    element("path", {
      d: `M${x},${y - long}V${y}H${x + long}`,
      fill: "none",
      stroke: ink.muted,
      "stroke-width": 0.8,
    }),
    element("text", { x: x + long + 3, y: y + font * 0.3 }, [`${name} 1`]),
    element("text", { transform: `translate(${x + font * 0.3},${y - long - 3}) rotate(-90)` }, [`${name} 2`]),
  ]);
}

function namesOf(
  { labels, camera, panels }: PointsInput,
  { left, top, side, high }: { left: number; top: number; side: number; high: number },
  { ink }: Setup,
): SVGElement[] {
  if (panels.length !== 1) return [];
  const { toScreen } = projection(camera, side, high);
  return labels.flatMap(({ name, x, y }) => {
    const [px, py] = toScreen(x, y);
    if (px < 0 || py < 0 || px > side || py > high) return [];
    const at = { x: left + px, y: top + py, dy: "0.32em", "text-anchor": "middle" };
    const halo = {
      stroke: ink.paper,
      "stroke-width": 2.5,
      "stroke-linejoin": "round",
      "paint-order": "stroke",
    };
    return [element("text", { ...at, ...halo }, [name])];
  });
}
