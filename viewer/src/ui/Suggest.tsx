import { Search, X } from "lucide-react";
import {
  type ClipboardEvent,
  type KeyboardEvent,
  type ReactNode,
  type Ref,
  useContext,
  useEffect,
  useRef,
} from "react";
import {
  Button,
  Collection,
  ComboBox,
  ComboBoxStateContext,
  Group,
  Header,
  Input,
  ListBox,
  ListBoxItem,
  ListBoxSection,
  Popover,
} from "react-aria-components";
import { BusyLine } from "./BusyLine";
import { classNames } from "./classNames";
import { Late } from "./Late";
import { Problem } from "./Problem";
import styles from "./suggest.module.css";

export interface Suggestion {
  /** Unique among all sections. */
  key: string;
  label: string;
  detail?: string;
  icon?: ReactNode;
  italic?: boolean;
}

export interface SuggestionSection {
  title: string;
  items: Suggestion[];
}

interface Props {
  label: string;
  placeholder: string;
  icon?: ReactNode;
  shortcut?: string;
  text: string;
  sections: SuggestionSection[];
  /** What the list says when `text` finds nothing. */
  empty: string;
  /** Beneath the list: what Enter does. */
  hint?: string;
  /** What is not here yet of what could be suggested: the names of the genes; or why it will not come. */
  awaited?: { label: string; error: string | null; retry(): void } | null;
  autoFocus?: boolean;
  inputRef?: Ref<HTMLInputElement>;
  onText(text: string): void;
  /** Enter or a click; Enter takes the first suggestion when the arrows chose none. */
  onChoose(key: string): void;
  /** The arrows are on this suggestion; null: on none. */
  onFocused?(key: string | null): void;
  /** Enter where nothing is suggested; then what was typed stays when the field is left. */
  onSubmit?(text: string): void;
  /** True: the pasted text is dealt with. */
  onPasted?(text: string): boolean;
  onEscape?(): void;
}

/** A search field with suggestions in sections. */
export function Suggest(props: Props) {
  const shell = useRef<HTMLDivElement>(null);
  return (
    <ComboBox
      aria-label={props.label}
      className={styles.combo}
      items={props.sections}
      inputValue={props.text}
      onInputChange={props.onText}
      value={null}
      onChange={(key) => key !== null && props.onChoose(String(key))}
      menuTrigger="input"
      autoFocus={props.autoFocus}
      allowsCustomValue={props.onSubmit !== undefined}
      allowsEmptyCollection={props.text.trim() !== ""}
    >
      <Field {...props} shell={shell} />
      <Popover className={styles.popover} triggerRef={shell} placement="bottom start" offset={4}>
        <ListBox
          className={styles.list}
          items={props.sections}
          renderEmptyState={() => (props.awaited ? null : <p className={styles.empty}>{props.empty}</p>)}
        >
          {(section: SuggestionSection) => (
            <ListBoxSection id={`section:${section.title}`}>
              <Header className={styles.title}>{section.title}</Header>
              <Collection items={section.items}>{(item) => <Item item={item} />}</Collection>
            </ListBoxSection>
          )}
        </ListBox>
        {props.awaited && <Awaited {...props.awaited} />}
        {props.hint && props.sections.length > 0 && <p className={styles.hint}>{props.hint}</p>}
      </Popover>
    </ComboBox>
  );
}

function Awaited({ label, error, retry }: NonNullable<Props["awaited"]>) {
  if (error !== null) return <Problem message={error} onRetry={retry} />;
  return (
    <p className={styles.hint}>
      <BusyLine label={label} />
      <Late>{label}…</Late>
    </p>
  );
}

function Item({ item }: { item: Suggestion }) {
  return (
    <ListBoxItem id={item.key} textValue={item.label} className={styles.item}>
      <span className={styles.itemIcon} aria-hidden>
        {item.icon}
      </span>
      <span className={classNames(styles.itemLabel, item.italic && styles.italic)}>{item.label}</span>
      {item.detail && <span className={styles.itemDetail}>{item.detail}</span>}
    </ListBoxItem>
  );
}

function Field(props: Props & { shell: Ref<HTMLDivElement> }) {
  const state = useContext(ComboBoxStateContext);
  const focused = state?.isOpen ? (state.selectionManager.focusedKey ?? null) : null;
  const focusedKey = focused === null ? null : String(focused);
  const { onFocused } = props;
  useEffect(() => onFocused?.(focusedKey), [focusedKey, onFocused]);

  const onKeyDown = (event: KeyboardEvent): void => {
    const first = props.sections[0]?.items[0];
    if (event.key === "Enter" && focusedKey === null && first) {
      event.preventDefault();
      event.stopPropagation();
      props.onChoose(first.key);
    } else if (event.key === "Enter" && focusedKey === null && props.onSubmit) {
      event.preventDefault();
      event.stopPropagation();
      props.onSubmit(props.text);
    } else if (event.key === "Escape" && !state?.isOpen) {
      event.stopPropagation();
      if (props.text) props.onText("");
      else props.onEscape?.();
    }
  };

  const onPaste = (event: ClipboardEvent): void => {
    if (props.onPasted?.(event.clipboardData.getData("text"))) event.preventDefault();
  };

  return (
    <Group className={styles.field} ref={props.shell} onKeyDownCapture={onKeyDown}>
      <span className={styles.lens} aria-hidden>
        {props.icon ?? <Search />}
      </span>
      <Input
        ref={props.inputRef}
        className={styles.input}
        placeholder={props.placeholder}
        onPaste={onPaste}
        spellCheck={false}
        autoCapitalize="off"
      />
      {props.text ? (
        <Button slot={null} className={styles.clear} aria-label="Clear" onPress={() => props.onText("")}>
          <X />
        </Button>
      ) : (
        props.shortcut && <kbd className={styles.key}>{props.shortcut}</kbd>
      )}
    </Group>
  );
}
