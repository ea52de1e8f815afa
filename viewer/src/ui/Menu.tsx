import type { ReactNode } from "react";
import {
  Menu as AriaMenu,
  Header,
  MenuItem,
  MenuSection,
  MenuTrigger,
  Popover,
  type PopoverProps,
} from "react-aria-components";
import styles from "./menu.module.css";

export interface MenuEntry {
  id: string;
  label: string;
  icon?: ReactNode;
  shortcut?: string;
  disabled?: boolean;
  /** The menu stays open. */
  stays?: boolean;
  onSelect(): void;
}

export interface MenuGroup {
  title?: string;
  /** One of the entries is chosen: the group is a choice, not a list of commands. */
  chosen?: string;
  entries: MenuEntry[];
}

/** Stands in a menu for what has not come yet, or says why it will not, and asks again. */
export function awaitedEntry(id: string, label: string, error: string | null, retry: () => void): MenuEntry {
  return error === null
    ? { id: `${id}/awaited`, label, disabled: true, onSelect: () => {} }
    : { id: `${id}/retry`, label: `${error} Retry`, stays: true, onSelect: retry };
}

interface Props {
  label: string;
  trigger: ReactNode;
  groups: MenuGroup[];
  placement?: PopoverProps["placement"];
  onOpen?(): void;
}

/** A button (the trigger) with a menu. */
export function Menu({ label, trigger, groups, placement = "bottom end", onOpen }: Props) {
  return (
    <MenuTrigger onOpenChange={(open) => open && onOpen?.()}>
      {trigger}
      <Popover className={styles.popover} placement={placement} offset={4}>
        <AriaMenu className={styles.menu} aria-label={label}>
          {groups.map((group, i) => (
            <Group key={group.title ?? String(i)} group={group} label={label} />
          ))}
        </AriaMenu>
      </Popover>
    </MenuTrigger>
  );
}

function Group({ group, label }: { group: MenuGroup; label: string }) {
  const { title, chosen, entries } = group;
  const choice = chosen !== undefined;
  return (
    <MenuSection
      className={styles.group}
      aria-label={title ?? label}
      selectionMode={choice ? "single" : "none"}
      selectedKeys={choice ? [chosen] : []}
    >
      {title && <Header className={styles.title}>{title}</Header>}
      {entries.map((entry) => (
        <MenuItem
          key={entry.id}
          id={entry.id}
          className={styles.item}
          textValue={entry.label}
          isDisabled={entry.disabled}
          shouldCloseOnSelect={entry.stays ? false : undefined}
          onAction={entry.onSelect}
        >
          <span className={styles.icon} aria-hidden>
            {choice ? entry.id === chosen && "✓" : entry.icon}
          </span>
          <span className={styles.label}>{entry.label}</span>
          {entry.shortcut && <kbd className={styles.shortcut}>{entry.shortcut}</kbd>}
        </MenuItem>
      ))}
    </MenuSection>
  );
}
