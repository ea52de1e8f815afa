import { ChevronDown } from "lucide-react";
import { Button, Label, ListBox, ListBoxItem, Popover, Select, SelectValue } from "react-aria-components";
import { formatCount } from "../../lib/format";
import { embeddingOf } from "../../state/selectors";
import { useApp, useViewer } from "../useViewer";
import styles from "./chooser.module.css";

/** Which embedding is drawn, and how many cells have a place in each. */
export function EmbeddingChooser({ short }: { short: boolean }) {
  const viewer = useViewer();
  const dataset = useApp((state) => state.dataset);
  const name = useApp(embeddingOf);
  if (!dataset || name === null) return null;
  const cells = (embedding: string): string => {
    const missing = dataset.missing[embedding] ?? 0;
    const all = `${formatCount(dataset.nObs)} cells`;
    return missing === 0 ? all : `${formatCount(dataset.nObs - missing)} of ${all}`;
  };
  return (
    <Select
      className={styles.select}
      value={name}
      onChange={(key) => key !== null && viewer.do({ type: "setEmbedding", embedding: String(key) })}
    >
      <Label className={styles.hidden}>Embedding</Label>
      <Button className={styles.button}>
        <SelectValue className={styles.value}>
          {() => (
            <>
              <b>{name}</b> {!short && <span className={styles.count}>{cells(name)}</span>}
            </>
          )}
        </SelectValue>
        <ChevronDown aria-hidden />
      </Button>
      <Popover className={styles.popover} placement="bottom end" offset={4}>
        <ListBox className={styles.list}>
          {dataset.embeddings.map((embedding) => (
            <ListBoxItem key={embedding} id={embedding} textValue={embedding} className={styles.item}>
              <span className={styles.itemName}>{embedding}</span>
              <span className={styles.count}>{cells(embedding)}</span>
            </ListBoxItem>
          ))}
        </ListBox>
      </Popover>
    </Select>
  );
}
