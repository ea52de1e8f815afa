import { Slider as AriaSlider, Label, SliderOutput, SliderThumb, SliderTrack } from "react-aria-components";
import styles from "./slider.module.css";

interface Props {
  label: string;
  value: number;
  min: number;
  max: number;
  step: number;
  /** The value as people read it. */
  text: string;
  isDisabled?: boolean;
  onChange(value: number): void;
}

/** A number between two ends, by hand or by the arrow keys. */
export function Slider({ label, value, min, max, step, text, isDisabled = false, onChange }: Props) {
  return (
    <AriaSlider
      className={styles.slider}
      value={value}
      minValue={min}
      maxValue={max}
      step={step}
      isDisabled={isDisabled}
      onChange={onChange}
    >
      <Label className={styles.label}>{label}</Label>
      <SliderOutput className={styles.output}>{text}</SliderOutput>
      <SliderTrack className={styles.track}>
        {({ state }) => (
          <>
            <span className={styles.rail} aria-hidden />
            <span
              className={styles.filled}
              style={{ width: `${100 * state.getThumbPercent(0)}%` }}
              aria-hidden
            />
            <SliderThumb className={styles.thumb} />
          </>
        )}
      </SliderTrack>
    </AriaSlider>
  );
}
