import { Pencil, Trash2 } from "lucide-react";
import { useState } from "react";
import { Button } from "react-aria-components";
import type { NamedSelection } from "../../state/state";
import { IconButton } from "../../ui/Button";
import { filterText } from "../filters/describeFilter";
import { useCategoryNumbers } from "../filters/useCategoryNumbers";
import { useView, useViewer } from "../useViewer";
import { NameField } from "./NameField";
import styles from "./selecting.module.css";

interface Props {
  selection: NamedSelection;
  /** Something is selected that this one can be combined with. */
  filtered: boolean;
  onDone(): void;
}

const WAYS = [
  ["and", "And", "Of what is selected, keep the cells of"],
  ["or", "Or", "Add to what is selected the cells of"],
  ["without", "Without", "Take from what is selected the cells of"],
] as const;

export function NamedSelectionRow({ selection: { name, filters }, filtered, onDone }: Props) {
  const viewer = useViewer();
  const embedding = useView((view) => view.embedding);
  const categories = useCategoryNumbers();
  const [renaming, setRenaming] = useState(false);
  const about = filters.map((filter) => filterText(filter, embedding, categories)).join(" and ");
  const recall = (mode: "replace" | "and" | "or" | "without"): void => {
    viewer.do({ type: "recallSelection", name, mode });
    onDone();
  };
  if (renaming) {
    return (
      <li>
        <NameField
          label={`New name of ${name}`}
          initial={name}
          action={() => "Rename"}
          onDone={(to) => {
            viewer.do({ type: "renameSelection", name, to });
            setRenaming(false);
          }}
        />
      </li>
    );
  }
  return (
    <li className={styles.name}>
      <Button className={styles.recall} aria-label={`Select ${name}`} onPress={() => recall("replace")}>
        <span className={styles.nameText}>{name}</span>
        <span className={styles.about} title={about}>
          {about}
        </span>
      </Button>
      {filtered &&
        WAYS.map(([mode, word, what]) => (
          <Button
            key={mode}
            className={styles.way}
            aria-label={`${what} ${name}`}
            onPress={() => recall(mode)}
          >
            {word}
          </Button>
        ))}
      <IconButton label={`Rename ${name}`} onPress={() => setRenaming(true)}>
        <Pencil />
      </IconButton>
      <IconButton label={`Delete ${name}`} onPress={() => viewer.do({ type: "deleteSelection", name })}>
        <Trash2 />
      </IconButton>
    </li>
  );
}
