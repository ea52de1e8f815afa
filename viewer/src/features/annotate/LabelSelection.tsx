import { Tag } from "lucide-react";
import { useEffect, useId, useRef, useState } from "react";
import { Dialog, Popover } from "react-aria-components";
import { formatCount } from "../../lib/format";
import type { Refusal } from "../../state/annotations";
import { TextButton } from "../../ui/Button";
import { useApp, useTransient, useTransientStore } from "../useViewer";
import styles from "./annotate.module.css";
import { NameBox } from "./NameBox";
import { useAnnotations, useColumnNames, useSelected } from "./useAnnotations";

const FIRST = "cell type"; // what most people annotate first

/** The button below the plot: a label for the selected cells. */
export function LabelSelection({ compact }: { compact: boolean }) {
  const annotations = useAnnotations();
  const selected = useSelected();
  const anchor = useRef<HTMLSpanElement>(null);
  const transient = useTransientStore();
  const open = useTransient((state) => state.labeling);
  const setOpen = (labeling: boolean): void => transient.setState({ labeling });
  const [last, setLast] = useState<string | null>(null); // the column that was used last
  if (!annotations) return null;
  return (
    <span ref={anchor}>
      <TextButton look="link" isDisabled={selected === 0} onPress={() => setOpen(!open)}>
        {compact && <Tag aria-hidden />}
        Label…
      </TextButton>
      <Popover
        className={styles.popover}
        triggerRef={anchor}
        isOpen={open}
        onOpenChange={setOpen}
        placement="top start"
        offset={6}
      >
        <Dialog className={styles.form} aria-label="Label the selected cells">
          <Form last={last} onLast={setLast} onClose={() => setOpen(false)} />
        </Dialog>
      </Popover>
    </span>
  );
}

interface FormProps {
  last: string | null;
  onLast(column: string): void;
  onClose(): void;
}

function Form({ last, onLast, onClose }: FormProps) {
  const annotations = useAnnotations();
  const names = useColumnNames();
  const selected = useSelected();
  const columnId = useId();
  const labelField = useRef<HTMLInputElement>(null);
  const [column, setColumn] = useState(last !== null && names.includes(last) ? last : (names[0] ?? ""));
  const [name, setName] = useState(names.length === 0 ? FIRST : "");
  const [label, setLabel] = useState("");
  const [problem, setProblem] = useState<Refusal>(null);
  const total = useApp((state) => state.tally.total);
  useEffect(() => labelField.current?.focus(), []);
  if (!annotations) return null;

  const isNew = column === "";
  const all = selected === total;
  const target = isNew ? name : column;
  const cells = `${formatCount(selected)} ${selected === 1 ? "cell" : "cells"}`;
  const apply = (value: string | null): void => {
    const refused = annotations.assign(target, value);
    setProblem(refused);
    if (refused !== null) return;
    onLast(target.trim());
    onClose();
  };
  return (
    <>
      <h3 className={styles.formTitle}>Label {cells}</h3>
      {all && <p className={styles.now}>These are all cells: nothing is filtered.</p>}
      <label className={styles.caption} htmlFor={columnId}>
        Annotation
      </label>
      <select
        id={columnId}
        className={styles.field}
        value={column}
        onChange={(event) => setColumn(event.target.value)}
      >
        {names.map((existing) => (
          <option key={existing} value={existing}>
            {existing}
          </option>
        ))}
        <option value="">New annotation…</option>
      </select>
      {isNew && (
        <NameBox
          label="Name of the new annotation"
          text={name}
          placeholder="Name of the new annotation"
          labels={null}
          invalid={false}
          onText={setName}
          onEnter={() => labelField.current?.focus()}
        />
      )}
      <span className={styles.caption} aria-hidden>
        Label
      </span>
      <NameBox
        label="Label"
        text={label}
        placeholder="A label, new or there already"
        labels={isNew ? [] : annotations.labels(column)}
        invalid={problem !== null}
        inputRef={labelField}
        onText={(typed) => {
          setLabel(typed);
          setProblem(null);
        }}
        onEnter={() => apply(label)}
      />
      {problem && (
        <p className={styles.problem} role="alert">
          {problem}
        </p>
      )}
      <div className={styles.buttons}>
        {!isNew && (
          <TextButton isDisabled={annotations.wouldChange(column, null) === 0} onPress={() => apply(null)}>
            Take labels away
          </TextButton>
        )}
        <TextButton look="primary" isDisabled={selected === 0} onPress={() => apply(label)}>
          Label {cells}
        </TextButton>
      </div>
    </>
  );
}
