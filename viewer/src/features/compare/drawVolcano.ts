// A volcano plot on a canvas: grey what does not pass the filters, in color what is higher in A or lower.

import { scaleLinear } from "d3-scale";
import type { Size } from "../../ui/useSize";
import { type Frame, namedRows, toX, toY, type VolcanoPoints } from "./volcano";

interface Drawing {
  points: VolcanoPoints;
  frame: Frame;
  genes: string[];
  passing: Uint32Array;
  brushed: ReadonlySet<number> | null;
  marked: number | null; // the gene that colors the cells
  thresholds: { change: number; p: number };
  labels: { x: string; y: string };
}

const RADIUS = 2;
const NAMED = 7; // genes on either side
const TEXT = 11; // CSS pixels, as --cxg-font-tiny

export function drawVolcano(canvas: HTMLCanvasElement, size: Size, drawing: Drawing): void {
  const scale = window.devicePixelRatio || 1;
  canvas.width = Math.round(size.width * scale);
  canvas.height = Math.round(size.height * scale);
  const context = canvas.getContext("2d");
  if (!context) return;
  const style = getComputedStyle(canvas);
  const token = (name: string): string => style.getPropertyValue(`--cxg-${name}`).trim();
  context.scale(scale, scale);
  context.font = `${TEXT}px ${style.fontFamily}`;
  drawAxes(context, drawing, token);
  drawPoints(context, drawing, token);
  drawNames(context, drawing, token);
}

type Token = (name: string) => string;

function drawAxes(context: CanvasRenderingContext2D, drawing: Drawing, token: Token): void {
  const { points, frame, thresholds, labels } = drawing;
  const bottom = frame.top + frame.height;
  const right = frame.left + frame.width;
  context.strokeStyle = token("line");
  context.fillStyle = token("text-muted");
  context.lineWidth = 1;
  context.textAlign = "center";
  context.textBaseline = "top";
  line(context, frame.left, bottom + 0.5, right, bottom + 0.5);
  for (const tick of scaleLinear([-points.xMax, points.xMax], [0, 1]).ticks(5)) {
    const x = Math.round(toX(points, frame, tick)) + 0.5;
    line(context, x, bottom, x, bottom + 4);
    context.fillText(String(tick).replace("-", "\u2212"), x, bottom + 6);
  }
  context.fillText(labels.x, frame.left + frame.width / 2, bottom + 20);
  context.textAlign = "right";
  context.textBaseline = "middle";
  for (const tick of scaleLinear([0, points.yMax], [0, 1]).ticks(4)) {
    const y = Math.round(toY(points, frame, tick)) + 0.5;
    line(context, frame.left - 4, y, frame.left, y);
    context.fillText(String(tick), frame.left - 6, y);
  }
  context.save();
  context.translate(8, frame.top + frame.height / 2);
  context.rotate(-Math.PI / 2);
  context.textAlign = "center";
  context.fillText(labels.y, 0, 0);
  context.restore();
  const middle = Math.round(toX(points, frame, 0)) + 0.5;
  line(context, middle, frame.top, middle, bottom);
  context.strokeStyle = token("line-strong");
  context.setLineDash([3, 3]);
  if (thresholds.change > 0 && thresholds.change < points.xMax) {
    for (const change of [-thresholds.change, thresholds.change]) {
      const x = Math.round(toX(points, frame, change)) + 0.5;
      line(context, x, frame.top, x, bottom);
    }
  }
  const height = -Math.log10(thresholds.p);
  if (thresholds.p < 1 && height <= points.yMax) {
    const y = Math.round(toY(points, frame, height)) + 0.5;
    line(context, frame.left, y, right, y);
  }
  context.setLineDash([]);
}

function drawPoints(context: CanvasRenderingContext2D, drawing: Drawing, token: Token): void {
  const { points, frame, passing, brushed, marked } = drawing;
  const inside = new Set(passing);
  const dot = (row: number, radius = RADIUS): void => {
    const x = toX(points, frame, points.x[row]!);
    const y = toY(points, frame, points.y[row]!);
    context.beginPath();
    context.arc(x, y, radius, 0, 2 * Math.PI);
    context.fill();
  };
  context.fillStyle = token("bar");
  for (let row = 0; row < points.x.length; row++) if (!inside.has(row)) dot(row);
  const [up, down] = [token("accent"), token("danger")];
  for (const row of passing) {
    const faint = brushed !== null && !brushed.has(row);
    context.globalAlpha = faint ? 0.25 : 0.85;
    context.fillStyle = points.x[row]! >= 0 ? up : down;
    dot(row);
  }
  context.globalAlpha = 1;
  if (marked === null || Number.isNaN(points.x[marked]! + points.y[marked]!)) return;
  context.fillStyle = token("text");
  dot(marked, RADIUS + 2);
}

/** Names where they do not run into each other. */
function drawNames(context: CanvasRenderingContext2D, drawing: Drawing, token: Token): void {
  const { points, frame, genes, passing, brushed, marked } = drawing;
  const rows = brushed ? passing.filter((row) => brushed.has(row)) : passing;
  const wanted = [...(marked === null ? [] : [marked]), ...namedRows(points, rows, NAMED)];
  const taken: { left: number; right: number; y: number }[] = [];
  context.fillStyle = token("text");
  context.textBaseline = "middle";
  for (const row of new Set(wanted)) {
    const x = toX(points, frame, points.x[row]!);
    const y = toY(points, frame, points.y[row]!);
    const width = context.measureText(genes[row]!).width;
    const toLeft = x + width + 6 > frame.left + frame.width;
    const left = toLeft ? x - width - 6 : x + 6;
    const box = { left, right: left + width, y };
    const clash = taken.some(
      (other) => Math.abs(other.y - y) < TEXT && other.left < box.right && box.left < other.right,
    );
    if (clash || Number.isNaN(y) || left < frame.left) continue;
    taken.push(box);
    context.textAlign = "left";
    context.fillText(genes[row]!, left, y);
  }
}

function line(context: CanvasRenderingContext2D, x0: number, y0: number, x1: number, y1: number): void {
  context.beginPath();
  context.moveTo(x0, y0);
  context.lineTo(x1, y1);
  context.stroke();
}
