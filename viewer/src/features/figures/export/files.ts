// Figures as files. Everything happens in the page: a data URL of the SVG is drawn onto a canvas, and a blob
// is what the page's sandbox lets be downloaded.

import { element, PX_PER_MM } from "../draw/paper";
import { annotated } from "./png";
import { described, LARGEST_SIDE, type Provenance } from "./provenance";

/** The figure as a file of SVG: its size in millimeters, and where it comes from. */
export function svgText(svg: SVGSVGElement, about: Provenance): string {
  const copy = svg.cloneNode(true) as SVGSVGElement;
  const [width, height] = [Number(svg.getAttribute("width")), Number(svg.getAttribute("height"))];
  copy.setAttribute("width", `${(width / PX_PER_MM).toFixed(2)}mm`);
  copy.setAttribute("height", `${(height / PX_PER_MM).toFixed(2)}mm`);
  copy.removeAttribute("style");
  for (const marked of copy.querySelectorAll("[data-part], [data-feature], [data-group]")) {
    for (const name of ["data-part", "data-feature", "data-group", "data-column"])
      marked.removeAttribute(name);
  }
  copy.prepend(
    element("title", {}, [about.title]),
    element("desc", {}, [described(about)]),
    element("metadata", {}, [JSON.stringify(about)]),
  );
  const text = new XMLSerializer().serializeToString(copy);
  return `<?xml version="1.0" encoding="UTF-8"?>\n${text}`;
}

/** The figure as a PNG of that resolution, which it says of itself. */
export async function pngFile(svg: SVGSVGElement, dpi: number, about: Provenance): Promise<Blob> {
  const [width, height] = [Number(svg.getAttribute("width")), Number(svg.getAttribute("height"))];
  const scale = dpi / 96;
  const [wide, high] = [Math.round(width * scale), Math.round(height * scale)];
  if (Math.max(wide, high) > LARGEST_SIDE) {
    throw new Error(
      `${wide} × ${high} pixels are more than this browser can draw: choose a smaller size or fewer dots per inch.`,
    );
  }
  const copy = svg.cloneNode(true) as SVGSVGElement;
  copy.setAttribute("width", String(wide));
  copy.setAttribute("height", String(high));
  const image = new Image();
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(new XMLSerializer().serializeToString(copy))}`;
  await image.decode();
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [wide, high];
  const draw = canvas.getContext("2d");
  if (!draw) throw new Error("This browser gives no 2D canvas.");
  draw.drawImage(image, 0, 0, wide, high);
  const blob = await new Promise<Blob | null>((done) => canvas.toBlob(done, "image/png"));
  if (!blob) throw new Error("The browser could not make a PNG of this size.");
  const texts = {
    Title: about.title,
    Description: described(about),
    Comment: JSON.stringify(about),
    Software: about.software,
  };
  const bytes = annotated(new Uint8Array(await blob.arrayBuffer()), dpi, texts);
  return new Blob([bytes], { type: "image/png" });
}

/** Gives a file to the user. */
export function download(blob: Blob, name: string): void {
  const url = URL.createObjectURL(blob);
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
  // The browser has begun to read it by then; until then the URL must hold.
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}

/** A table as CSV, for whoever draws it anew elsewhere. */
export function csvText(names: readonly string[], columns: readonly (readonly unknown[])[]): string {
  const quoted = (value: unknown): string => {
    const text = value === null || value === undefined ? "" : String(value);
    return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  };
  const rows = (columns[0] ?? []).map((_, i) => columns.map((column) => quoted(column[i])).join(","));
  return `${[names.map(quoted).join(","), ...rows].join("\n")}\n`;
}
