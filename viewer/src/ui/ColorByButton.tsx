import { Droplet } from "lucide-react";
import { IconToggle } from "./Button";
import styles from "./controls.module.css";

interface Props {
  /** What it colors by, e.g. "louvain". */
  name: string;
  active: boolean;
  isDisabled?: boolean;
  onChange(active: boolean): void;
}

/** The drop: filled where the colors come from. */
export function ColorByButton({ name, active, isDisabled, onChange }: Props) {
  return (
    <IconToggle
      className={styles.colorBy}
      label={active ? `Stop coloring by ${name}` : `Color by ${name}`}
      placement="left"
      isSelected={active}
      isDisabled={isDisabled}
      onChange={onChange}
    >
      <Droplet />
    </IconToggle>
  );
}
