import type { ReactNode } from "react";
import { Menu as AriaMenu, MenuItem, MenuTrigger, Popover, Separator } from "react-aria-components";
import styles from "./menu.module.css";

export type MenuEntry =
  | {
      id: string;
      label: string;
      icon?: ReactNode;
      shortcut?: string;
      detail?: string;
      checked?: boolean;
      disabled?: boolean;
      onSelect(): void;
    }
  | "separator";

interface Props {
  label: string;
  trigger: ReactNode;
  entries: MenuEntry[];
}

/** A button (the trigger) with a menu. */
export function Menu({ label, trigger, entries }: Props) {
  const checkable = entries.some((entry) => entry !== "separator" && entry.checked !== undefined);
  return (
    <MenuTrigger>
      {trigger}
      <Popover className={styles.popover} placement="bottom end" offset={4}>
        <AriaMenu className={styles.menu} aria-label={label}>
          {entries.map((entry, i) =>
            entry === "separator" ? (
              <Separator key={`separator ${String(i)}`} className={styles.separator} />
            ) : (
              <MenuItem
                key={entry.id}
                id={entry.id}
                className={styles.item}
                textValue={entry.label}
                isDisabled={entry.disabled}
                onAction={entry.onSelect}
                aria-checked={entry.checked}
              >
                {checkable && (
                  <span className={styles.mark} aria-hidden>
                    {entry.checked ? "✓" : ""}
                  </span>
                )}
                {entry.icon && (
                  <span className={styles.icon} aria-hidden>
                    {entry.icon}
                  </span>
                )}
                <span className={styles.label}>{entry.label}</span>
                {entry.detail && <span className={styles.detail}>{entry.detail}</span>}
                {entry.shortcut && <kbd className={styles.detail}>{entry.shortcut}</kbd>}
              </MenuItem>
            ),
          )}
        </AriaMenu>
      </Popover>
    </MenuTrigger>
  );
}
