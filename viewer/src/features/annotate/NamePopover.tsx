import { type RefObject, useState } from "react";
import { Dialog, Popover } from "react-aria-components";
import type { Refusal } from "../../state/annotations";
import { TextButton } from "../../ui/Button";
import styles from "./annotate.module.css";
import { NameBox } from "./NameBox";

export interface NameAsked {
  title: string;
  button: string;
  start?: string;
  /** Names that are offered; null: none. */
  labels: readonly string[] | null;
  closed?: boolean; // no other name will do
  /** Why it cannot be; null: it was done. */
  onName(name: string): Refusal;
}

interface Props {
  asked: NameAsked | null;
  anchor: RefObject<HTMLElement | null>;
  onClose(): void;
}

/** Asks for one name, beside what it is for. */
export function NamePopover({ asked, anchor, onClose }: Props) {
  return (
    <Popover
      className={styles.popover}
      triggerRef={anchor}
      isOpen={asked !== null}
      onOpenChange={(open) => open || onClose()}
      placement="bottom end"
      offset={4}
    >
      {asked && (
        <Dialog className={styles.form} aria-label={asked.title}>
          <NameForm asked={asked} onClose={onClose} />
        </Dialog>
      )}
    </Popover>
  );
}

function NameForm({ asked, onClose }: { asked: NameAsked; onClose(): void }) {
  const [text, setText] = useState(asked.start ?? "");
  const [problem, setProblem] = useState<Refusal>(null);
  const submit = (): void => {
    const refused = asked.onName(text);
    setProblem(refused);
    if (refused === null) onClose();
  };
  return (
    <>
      <h3 className={styles.formTitle}>{asked.title}</h3>
      <NameBox
        label={asked.title}
        text={text}
        labels={asked.labels}
        closed={asked.closed}
        invalid={problem !== null}
        autoFocus
        onText={(typed) => {
          setText(typed);
          setProblem(null);
        }}
        onEnter={submit}
      />
      {problem && (
        <p className={styles.problem} role="alert">
          {problem}
        </p>
      )}
      <div className={styles.buttons}>
        <TextButton onPress={onClose}>Cancel</TextButton>
        <TextButton look="primary" onPress={submit}>
          {asked.button}
        </TextButton>
      </div>
    </>
  );
}
