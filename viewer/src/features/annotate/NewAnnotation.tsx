import { Plus } from "lucide-react";
import { useId, useRef, useState } from "react";
import { Dialog, Popover } from "react-aria-components";
import type { Refusal } from "../../state/annotations";
import { TextButton } from "../../ui/Button";
import { useApp, useViewer } from "../useViewer";
import styles from "./annotate.module.css";
import { NameBox } from "./NameBox";
import { useAnnotations, useColumnNames } from "./useAnnotations";

/** The head of the user's own columns. */
export function NewAnnotation() {
  const annotations = useAnnotations();
  const names = useColumnNames();
  const anchor = useRef<HTMLDivElement>(null);
  const [open, setOpen] = useState(false);
  if (!annotations) return null;
  return (
    <div ref={anchor} className={styles.head}>
      <h3 className={styles.headTitle}>Annotations</h3>
      <TextButton look="link" onPress={() => setOpen(true)}>
        <Plus aria-hidden /> New
      </TextButton>
      {names.length === 0 && (
        <p className={styles.teach}>Yours to make: select cells, then choose Label… below the plot.</p>
      )}
      <Popover
        className={styles.popover}
        triggerRef={anchor}
        isOpen={open}
        onOpenChange={setOpen}
        placement="bottom start"
        offset={4}
      >
        <Dialog className={styles.form} aria-label="New annotation">
          <Form onClose={() => setOpen(false)} />
        </Dialog>
      </Popover>
    </div>
  );
}

function Form({ onClose }: { onClose(): void }) {
  const { annotations } = useViewer();
  const columns = useApp((state) => state.dataset?.obs);
  const fromId = useId();
  const [name, setName] = useState("");
  const [from, setFrom] = useState("");
  const [problem, setProblem] = useState<Refusal>(null);
  const usable = (columns ?? []).filter(({ kind }) => kind === "categorical" || kind === "boolean");
  const submit = (): void => {
    const refused = annotations?.create(name, from === "" ? undefined : from) ?? null;
    setProblem(refused);
    if (refused === null) onClose();
  };
  return (
    <>
      <h3 className={styles.formTitle}>New annotation</h3>
      <NameBox
        label="Name"
        text={name}
        placeholder="Its name"
        labels={null}
        invalid={problem !== null}
        autoFocus
        onText={(typed) => {
          setName(typed);
          setProblem(null);
        }}
        onEnter={submit}
      />
      <label className={styles.caption} htmlFor={fromId}>
        Begin with
      </label>
      <select
        id={fromId}
        className={styles.field}
        value={from}
        onChange={(event) => setFrom(event.target.value)}
      >
        <option value="">no labels</option>
        {usable.map((column) => (
          <option key={column.name} value={column.name}>
            the labels of {column.name}
          </option>
        ))}
      </select>
      {problem && (
        <p className={styles.problem} role="alert">
          {problem}
        </p>
      )}
      <div className={styles.buttons}>
        <TextButton onPress={onClose}>Cancel</TextButton>
        <TextButton look="primary" onPress={submit}>
          Create
        </TextButton>
      </div>
    </>
  );
}
