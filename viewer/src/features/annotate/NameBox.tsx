import { type KeyboardEvent, type RefObject, useContext, useEffect, useMemo, useRef } from "react";
import { ComboBox, ComboBoxStateContext, Input, ListBox, ListBoxItem, Popover } from "react-aria-components";
import { cleanName } from "../../data/labelNames";
import type { TermDoc } from "../../state/annotations";
import { BusyLine } from "../../ui/BusyLine";
import { Problem } from "../../ui/Problem";
import styles from "./annotate.module.css";
import { type Offer, offers } from "./suggesting";
import { useTerms } from "./useAnnotations";

interface Props {
  label: string;
  text: string;
  placeholder?: string;
  /** Names there are; null: nothing is offered. */
  labels: readonly string[] | null;
  /** Whether no other name will do. */
  closed?: boolean;
  invalid: boolean;
  autoFocus?: boolean;
  inputRef?: RefObject<HTMLInputElement | null>;
  onText(text: string): void;
  onEnter(): void;
}

const NONE: TermDoc[] = [];

/** A field for a name, with the names there are and the terms of the ontology beneath it. */
export function NameBox(props: Props) {
  const { found: known, error, retry } = useTerms();
  const terms = props.closed ? NONE : (known ?? NONE);
  const { text, labels } = props;
  const found = useMemo(() => (labels === null ? [] : offers(text, labels, terms)), [text, labels, terms]);
  // What is typed already need not be offered.
  const shown = found.length === 1 && found[0]!.name === cleanName(text) ? [] : found;
  return (
    <>
      <ComboBox
        aria-label={props.label}
        className={styles.combo}
        items={shown}
        inputValue={text}
        onInputChange={props.onText}
        value={null}
        onChange={(key) => key !== null && props.onText(String(key))}
        menuTrigger="input"
        allowsCustomValue
        // The list behind it follows a moment later: what will be in it decides whether it opens.
        allowsEmptyCollection={shown.length > 0}
      >
        <Field {...props} terms={terms.length} />
        <Popover className={styles.offers} offset={4}>
          <ListBox className={styles.offerList}>{(offer: Offer) => <Item offer={offer} />}</ListBox>
        </Popover>
      </ComboBox>
      {/* without the terms one types the name */}
      {!props.closed && <Awaited known={known !== null} error={error} retry={retry} />}
    </>
  );
}

function Awaited({ known, error, retry }: { known: boolean; error: string | null; retry(): void }) {
  if (error !== null) return <Problem message={`The terms could not be loaded: ${error}`} onRetry={retry} />;
  if (known) return null;
  return (
    <div className={styles.awaited}>
      <BusyLine label="Loading the terms" />
    </div>
  );
}

function Item({ offer }: { offer: Offer }) {
  return (
    <ListBoxItem id={offer.name} textValue={offer.name} className={styles.offer}>
      <bdi className={styles.offerName}>{offer.name}</bdi>
      {offer.detail && <span className={styles.offerDetail}>{offer.detail}</span>}
    </ListBoxItem>
  );
}

function Field({
  text,
  terms,
  placeholder,
  invalid,
  autoFocus,
  inputRef,
  onEnter,
}: Props & { terms: number }) {
  const state = useContext(ComboBoxStateContext);
  const first = useRef(text); // before anything is typed nothing is offered
  const latest = useRef({ state, text });
  latest.current = { state, text };
  // Terms that come after the first letters are offered all the same.
  useEffect(() => {
    if (terms > 0 && latest.current.text !== first.current && latest.current.state?.isFocused)
      latest.current.state.open();
  }, [terms]);
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key !== "Enter") return;
    const focused = state?.isOpen ? state.selectionManager.focusedKey : null;
    const chosen = focused !== null && focused !== cleanName(text);
    if (chosen) return; // takes the name; the next Enter is for the form
    event.preventDefault();
    event.stopPropagation();
    state?.close(); // while it is open, readers of the screen reach nothing else: not what is wrong
    onEnter();
  };
  return (
    <div onKeyDownCapture={onKeyDown}>
      <Input
        ref={inputRef}
        className={styles.field}
        placeholder={placeholder}
        autoFocus={autoFocus}
        aria-invalid={invalid || undefined}
        dir="auto"
        spellCheck={false}
        autoCapitalize="off"
      />
    </div>
  );
}
