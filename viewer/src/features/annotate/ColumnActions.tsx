import { Ellipsis } from "lucide-react";
import { useRef, useState } from "react";
import { IconButton } from "../../ui/Button";
import { Menu } from "../../ui/Menu";
import { useViewer } from "../useViewer";
import styles from "./annotate.module.css";
import { type NameAsked, NamePopover } from "./NamePopover";
import { useAnnotations } from "./useAnnotations";

/** What can be done with an annotation as a whole. */
export function ColumnActions({ column }: { column: string }) {
  const annotations = useAnnotations();
  const viewer = useViewer();
  const anchor = useRef<HTMLSpanElement>(null);
  const [asked, setAsked] = useState<NameAsked | null>(null);
  if (!annotations) return null;
  const open = (): void => viewer.do({ type: "setExpanded", column, open: true });

  const entries = [
    {
      id: "add",
      label: "New label…",
      onSelect: () =>
        setAsked({
          title: `New label of ${column}`,
          button: "Add",
          labels: [],
          onName: (name) => {
            open();
            return annotations.addLabel(column, name);
          },
        }),
    },
    {
      id: "rename",
      label: "Rename…",
      onSelect: () =>
        setAsked({
          title: `Rename ${column}`,
          button: "Rename",
          start: column,
          labels: null,
          onName: (name) => annotations.rename(column, name),
        }),
    },
    {
      id: "duplicate",
      label: "Duplicate…",
      onSelect: () =>
        setAsked({
          title: `A copy of ${column}`,
          button: "Duplicate",
          start: `${column} copy`,
          labels: null,
          onName: (name) => annotations.create(name, column),
        }),
    },
  ];
  const last = [{ id: "delete", label: "Delete", onSelect: () => annotations.remove(column) }];
  return (
    <span ref={anchor} className={styles.actions}>
      <Menu
        label={`Edit ${column}`}
        trigger={
          <IconButton label={`Edit ${column}`}>
            <Ellipsis />
          </IconButton>
        }
        groups={[{ entries }, { entries: last }]}
      />
      <NamePopover asked={asked} anchor={anchor} onClose={() => setAsked(null)} />
    </span>
  );
}
