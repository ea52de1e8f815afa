import type { ReactNode } from "react";
import {
  Button as AriaButton,
  type ButtonProps,
  ToggleButton,
  type ToggleButtonProps,
  Tooltip,
  type TooltipProps,
  TooltipTrigger,
} from "react-aria-components";
import { classNames } from "./classNames";
import styles from "./controls.module.css";

interface Hint {
  /** The accessible name, also the tooltip. */
  label: string;
  /** The key that does the same, shown in the tooltip. */
  shortcut?: string;
  placement?: TooltipProps["placement"];
}

export function Tip({ label, shortcut, placement = "bottom", children }: Hint & { children: ReactNode }) {
  return (
    <TooltipTrigger delay={600} closeDelay={80}>
      {children}
      <Tooltip className={styles.tooltip} placement={placement} offset={6}>
        {label}
        {shortcut && <kbd>{shortcut}</kbd>}
      </Tooltip>
    </TooltipTrigger>
  );
}

type IconButtonProps = Omit<ButtonProps, "className" | "children"> & Hint & { children: ReactNode };

export function IconButton({ label, shortcut, placement, ...props }: IconButtonProps) {
  return (
    <Tip label={label} shortcut={shortcut} placement={placement}>
      <AriaButton {...props} aria-label={label} className={styles.icon} />
    </Tip>
  );
}

type IconToggleProps = Omit<ToggleButtonProps, "className" | "children"> &
  Hint & { children: ReactNode; className?: string };

export function IconToggle({ label, shortcut, placement, className, ...props }: IconToggleProps) {
  return (
    <Tip label={label} shortcut={shortcut} placement={placement}>
      <ToggleButton {...props} aria-label={label} className={classNames(styles.icon, className)} />
    </Tip>
  );
}

type TextButtonProps = Omit<ButtonProps, "className"> & { look?: "plain" | "outlined" | "link" | "primary" };

export function TextButton({ look = "plain", ...props }: TextButtonProps) {
  return <AriaButton {...props} className={classNames(styles.button, look !== "plain" && styles[look])} />;
}
