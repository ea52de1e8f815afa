import { Bookmark, Lasso, SquareDashed, X } from "lucide-react";
import type { ReactNode } from "react";
import { Button } from "react-aria-components";
import type { Filter } from "../../state/state";
import { classNames } from "../../ui/classNames";
import { Menu, type MenuEntry } from "../../ui/Menu";
import type { FilterText } from "./describeFilter";
import styles from "./filters.module.css";

interface Props {
  text: FilterText;
  icon?: ReactNode;
  /** What else can be done with it, behind its text. */
  entries: MenuEntry[];
  onRemove(): void;
}

/** One thing that filters, with a menu behind its text, and a button that removes it. */
export function Chip({ text: { about, detail, italic }, icon, entries, onRemove }: Props) {
  const name = `${about} ${detail}`.trim();
  return (
    <span className={styles.chip}>
      <Menu
        label={`The filter ${name}`}
        placement="bottom start"
        trigger={
          <Button
            className={styles.text}
            aria-label={`The filter ${name}`}
            onKeyDown={(event) => {
              if (event.key === "Delete" || event.key === "Backspace") onRemove();
              else event.continuePropagation();
            }}
          >
            {icon}
            <span className={classNames(styles.subject, italic && styles.italic)} title={name}>
              {about}
            </span>{" "}
            {detail && <span className={styles.detail}>{detail}</span>}
          </Button>
        }
        groups={[{ entries }]}
      />
      <Button className={styles.remove} aria-label={`Remove the filter ${name}`} onPress={onRemove}>
        <X />
      </Button>
    </span>
  );
}

export function FilterIcon({ filter }: { filter: Filter }) {
  if (filter.kind === "group" && filter.name !== undefined) return <Bookmark className={styles.icon} />;
  if (filter.kind !== "region") return null;
  const lasso = filter.steps.some((step) => step.shape === "lasso");
  return lasso ? <Lasso className={styles.icon} /> : <SquareDashed className={styles.icon} />;
}
