import { type KeyboardEvent, useEffect, useId, useMemo, useRef, useState } from "react";
import { Slider, SliderThumb, SliderTrack } from "react-aria-components";
import { clipBounds } from "../../data/clip";
import { sourceKey } from "../../data/keys";
import { formatNumber } from "../../lib/format";
import { rangeOf } from "../../state/coloring";
import type { ColorBy } from "../../state/state";
import type { ContinuousColumn } from "../../state/viewer";
import { TextButton } from "../../ui/Button";
import { MiniHistogram } from "../../ui/MiniHistogram";
import { sourceText } from "../sourceText";
import { gradientStops, usePointColors } from "../useColors";
import { sameColor, useCounts, useView, useViewer } from "../useViewer";
import styles from "./numberColors.module.css";
import { type Ends, endsOf, type Typed, typedOf } from "./rangeText";

const STEPS = 200;
const WIDTH = 228; // CSS pixels, as the form
const HEIGHT = 28;
const NAMES = ["Lowest value of the colors", "Highest value of the colors"] as const;

/** Between which values the colors of one column or gene change: dragged, or typed. */
export function ColorRangeFields({ source, column }: { source: ColorBy; column: ContinuousColumn }) {
  const viewer = useViewer();
  const range = useView((view) => rangeOf(view, source));
  const set = ([min, max]: Ends): void => viewer.do({ type: "setColorRange", source, min, max });
  const [min, max] = [range?.min ?? null, range?.max ?? null];
  const percentiles = (): void => {
    const bounds = clipBounds(column, [1, 99]);
    // Of a gene that few cells express, both are zero.
    set(bounds.min < bounds.max ? [bounds.min, bounds.max] : [null, null]);
  };
  return (
    <section className={styles.section} aria-label="Range of the colors">
      <h3 className={styles.title}>
        Range of <span data-gene={source.kind === "gene"}>{sourceText(source)}</span>
      </h3>
      <Dragged source={source} column={column} ends={[min, max]} onChange={set} />
      <Fields key={sourceText(source)} column={column} ends={[min, max]} onChange={set} />
      <div className={styles.line}>
        <TextButton look="link" onPress={percentiles}>
          1 to 99 %
        </TextButton>
        <TextButton look="link" onPress={() => set([null, null])}>
          Whole range
        </TextButton>
      </div>
    </section>
  );
}

interface Props {
  column: ContinuousColumn;
  ends: Ends;
  onChange(ends: Ends): void;
}

/** The histogram over the colors, with a handle at either end. */
function Dragged({ source, column, ends, onChange }: Props & { source: ColorBy }) {
  const viewer = useViewer();
  const counts = useCounts().histogram(source);
  const watched = sourceKey(source);
  useEffect(() => viewer.watch(watched), [viewer, watched]); // so that its values are counted
  const colors = usePointColors();
  const span: [number, number] = [
    Math.min(column.min, ends[0] ?? column.min),
    Math.max(column.max, ends[1] ?? column.max),
  ];
  const fine = (span[1] - span[0]) / STEPS;
  const step = column.integer ? Math.max(1, Math.round(fine)) : fine;
  const handles = useRef<readonly number[]>([]); // where they are, which is on a step
  const isColor = colors.domain !== null && sameColor(colors.by, source);
  const stops = useMemo(
    () => (isColor ? gradientStops(colors.palette, colors.domain!, [span[0], span[1]]) : []),
    [isColor, colors.palette, colors.domain, span[0], span[1]],
  );
  /** A handle that has not moved keeps its end; at the end of the data there is no cut. */
  const free = ([low, high]: number[]): Ends => [
    low === handles.current[0]
      ? ends[0]
      : low! <= column.min + step / 2 && span[0] === column.min
        ? null
        : low!,
    high === handles.current[1]
      ? ends[1]
      : high! >= column.max - step / 2 && span[1] === column.max
        ? null
        : high!,
  ];
  const spread = ends[0] === null && ends[1] === null ? span : [ends[0] ?? span[0], ends[1] ?? span[1]];
  const preview = (values: number[]): void => {
    const [min, max] = free(values);
    viewer.preview({ type: "setColorRange", source, min, max });
  };
  const commit = (values: number[]): void => {
    viewer.preview(null);
    onChange(free(values));
  };
  const part = (value: number): number => ((value - span[0]) / (span[1] - span[0] || 1)) * WIDTH;
  const bars = [part(column.min), part(column.max)] as const;
  return (
    <Slider
      className={styles.slider}
      aria-label="Range of the colors"
      value={[...spread]}
      minValue={span[0]}
      maxValue={span[1]}
      step={step}
      onChange={preview}
      onChangeEnd={commit}
    >
      {counts && (
        <div className={styles.bars} style={{ marginLeft: bars[0] }} aria-hidden>
          <MiniHistogram
            total={counts.total}
            selected={null}
            width={Math.max(1, bars[1] - bars[0])}
            height={HEIGHT}
          />
        </div>
      )}
      <SliderTrack className={styles.track}>
        {({ state }) => {
          handles.current = state.values;
          return (
            <>
              <i
                className={styles.rail}
                data-ink
                style={{ background: `linear-gradient(90deg, ${stops.join(", ")})` }}
                aria-hidden
              />
              {NAMES.map((name, i) => (
                <SliderThumb key={name} index={i} className={styles.thumb} aria-label={name} />
              ))}
            </>
          );
        }}
      </SliderTrack>
    </Slider>
  );
}

/** The ends as text; empty ones follow the data. What cannot be stays, with a sentence on why. */
function Fields({ column, ends, onChange }: Props) {
  const [min, max] = ends;
  const [typed, setTyped] = useState<Typed>(typedOf(ends));
  const [problem, setProblem] = useState<string | null>(null);
  const about = useId();
  useEffect(() => {
    setTyped(typedOf([min, max]));
    setProblem(null);
  }, [min, max]);

  const submit = (): void => {
    const found = endsOf(typed, ends, [column.min, column.max]);
    setProblem(typeof found === "string" ? found : null);
    if (typeof found === "string") return;
    if (found[0] === min && found[1] === max) setTyped(typedOf(ends));
    else onChange(found);
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key === "Enter") submit();
    if (event.key === "Escape" && typed.join("\n") !== typedOf(ends).join("\n")) {
      event.stopPropagation();
      setTyped(typedOf(ends));
      setProblem(null);
    }
  };
  const field = (end: 0 | 1, name: string) => (
    <input
      className={styles.number}
      aria-label={name}
      aria-invalid={problem !== null}
      aria-describedby={problem ? about : undefined}
      inputMode="decimal"
      placeholder={formatNumber(end === 0 ? column.min : column.max)}
      value={typed[end]}
      onChange={({ target }) => setTyped(end === 0 ? [target.value, typed[1]] : [typed[0], target.value])}
      onBlur={submit}
      onKeyDown={onKeyDown}
    />
  );
  return (
    <>
      <div className={styles.line}>
        {field(0, "Colors from")}
        <span aria-hidden>to</span>
        {field(1, "Colors to")}
      </div>
      {problem === null ? (
        <p className={styles.hint}>Values outside take the color of the end.</p>
      ) : (
        <p id={about} className={styles.problem} role="alert">
          {problem}
        </p>
      )}
    </>
  );
}
