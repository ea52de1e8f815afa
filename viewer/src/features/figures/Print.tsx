import { useState } from "react";
import { DPIS, type Figure, FONTS, SIZES } from "../../state/figure";
import { TextButton } from "../../ui/Button";
import { Problem } from "../../ui/Problem";
import { useView, useViewer } from "../useViewer";
import { csvText, download, pngFile, svgText } from "./export/files";
import { fileName } from "./export/provenance";
import { Amount, Box, Choice } from "./Field";
import styles from "./figures.module.css";
import { tableOf, titlesOf } from "./table";
import type { FigureShown } from "./useFigure";

const INCH = 25.4; // millimeters

type Format = "svg" | "png" | "csv";

/** Size and resolution in print, and the files. */
export function Print({ shown }: { shown: FigureShown }) {
  const viewer = useViewer();
  const figure = useView((view) => view.figure);
  const [busy, setBusy] = useState<Format | null>(null);
  const [failed, setFailed] = useState<string | null>(null);
  const set = (changes: Partial<Figure>) => viewer.do({ type: "setFigure", changes });
  const per = figure.unit === "in" ? INCH : 1;
  const typed = (millimeters: number | null) =>
    millimeters === null ? null : Number((millimeters / per).toFixed(2));
  const limits = { least: Number((SIZES.least / per).toFixed(1)), most: Math.floor(SIZES.most / per) };
  const stored = (size: number | null) =>
    size === null ? null : Math.min(SIZES.most, Math.max(SIZES.least, Number((size * per).toFixed(3))));

  const save = async (format: Format) => {
    setBusy(format);
    setFailed(null);
    try {
      const { sheet, about } = await shown.print(figure.dpi);
      const name = fileName(about, format);
      if (format === "png") download(await pngFile(sheet.svg, figure.dpi, about), name);
      else if (format === "svg")
        download(new Blob([svgText(sheet.svg, about)], { type: "image/svg+xml" }), name);
      else if (shown.answered.doc) {
        const { names, columns } = shown.answered.doc;
        const titles = titlesOf(names, tableOf(shown.answered.doc));
        download(new Blob([csvText(titles, columns)], { type: "text/csv;charset=utf-8" }), name);
      }
    } catch (error) {
      setFailed(error instanceof Error ? error.message : "The file could not be made.");
    } finally {
      setBusy(null);
    }
  };
  const ready = shown.sheet !== null && !shown.busy && busy === null;
  const hasData = figure.kind !== "grid" && figure.kind !== "embedding";
  return (
    <section className={styles.print} aria-label="Download">
      <div className={styles.files}>
        <TextButton look="primary" isDisabled={!ready} onPress={() => void save("svg")}>
          SVG
        </TextButton>
        <TextButton look="outlined" isDisabled={!ready} onPress={() => void save("png")}>
          PNG
        </TextButton>
        {hasData && (
          <TextButton look="outlined" isDisabled={!ready} onPress={() => void save("csv")}>
            Data (CSV)
          </TextButton>
        )}
      </div>
      {failed && <Problem message={failed} />}
      <details className={styles.columns}>
        <summary>Size and print</summary>
        <div className={styles.pair}>
          <Amount
            key={`width ${figure.unit}`}
            label={`Width (${figure.unit})`}
            value={typed(figure.width)}
            {...limits}
            empty="auto"
            onChange={(width) => set({ width: stored(width) })}
          />
          <Amount
            key={`height ${figure.unit}`}
            label={`Height (${figure.unit})`}
            value={typed(figure.height)}
            {...limits}
            empty="auto"
            onChange={(height) => set({ height: stored(height) })}
          />
        </div>
        <div className={styles.pair}>
          <Choice
            label="Unit"
            value={figure.unit}
            options={[
              { value: "mm", label: "mm" },
              { value: "in", label: "inches" },
            ]}
            onChange={(unit) => set({ unit: unit as Figure["unit"] })}
          />
          <Amount
            label="Font (pt)"
            value={figure.font}
            {...FONTS}
            onChange={(font) => font !== null && set({ font })}
          />
        </div>
        <Amount
          label="Dots per inch"
          value={figure.dpi}
          {...DPIS}
          onChange={(dpi) => dpi !== null && set({ dpi })}
        />
        <Box checked={figure.clear} onChange={(clear) => set({ clear })}>
          No background
        </Box>
        <Box checked={figure.caption} onChange={(caption) => set({ caption })}>
          Say beneath what it is of
        </Box>
      </details>
    </section>
  );
}
