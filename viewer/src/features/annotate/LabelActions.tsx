import { Ellipsis } from "lucide-react";
import { useRef, useState } from "react";
import { formatCount } from "../../lib/format";
import { IconButton } from "../../ui/Button";
import { Menu, type MenuEntry } from "../../ui/Menu";
import { type ColorAsked, LabelColor } from "../LabelColor";
import { useApp, useViewer } from "../useViewer";
import styles from "./annotate.module.css";
import { type NameAsked, NamePopover } from "./NamePopover";
import { useAnnotations, useSelected } from "./useAnnotations";

interface Props {
  column: string;
  label: string | null;
}

/** What can be done with a label; null: with the cells that have none. */
export function LabelActions({ column, label }: Props) {
  const annotations = useAnnotations();
  const viewer = useViewer();
  const selected = useSelected();
  useApp((state) => state.version.edits); // its neighbors may be others by now
  const anchor = useRef<HTMLSpanElement>(null);
  const [asked, setAsked] = useState<NameAsked | null>(null);
  const [coloring, askColor] = useState<ColorAsked | null>(null);
  if (!annotations) return null;

  const say = (problem: string | null): void => {
    if (problem) viewer.notify(problem);
  };
  const assign: MenuEntry = {
    id: "assign",
    label:
      label === null
        ? `Take the labels of ${formatCount(selected)} selected cells away`
        : `Label ${formatCount(selected)} selected cells so`,
    disabled: selected === 0,
    onSelect: () => say(annotations.assign(column, label)),
  };
  const others = annotations.labels(column).filter((other) => other !== label);
  const change: MenuEntry[] =
    label === null
      ? []
      : [
          {
            id: "rename",
            label: "Rename…",
            onSelect: () =>
              setAsked({
                title: `Rename ${label}`,
                button: "Rename",
                start: label,
                labels: [],
                onName: (name) => annotations.renameLabel(column, label, name),
              }),
          },
          {
            id: "color",
            label: "Color…",
            onSelect: () => anchor.current && askColor({ column, label, anchor: anchor.current }),
          },
          {
            id: "merge",
            label: "Merge into…",
            disabled: others.length === 0,
            onSelect: () =>
              setAsked({
                title: `Merge ${label} into`,
                button: "Merge",
                labels: others,
                closed: true,
                onName: (name) =>
                  name.trim() !== label && annotations.labels(column).includes(name.trim())
                    ? annotations.renameLabel(column, label, name)
                    : "Choose one of the labels there are.",
              }),
          },
        ];
  const last: MenuEntry[] =
    label === null
      ? []
      : [{ id: "delete", label: "Delete", onSelect: () => annotations.removeLabel(column, label) }];
  const name = label ?? "cells without a label";
  return (
    <span ref={anchor} className={styles.rowActions}>
      <Menu
        label={`Edit ${name}`}
        trigger={
          <IconButton label={`Edit ${name}`}>
            <Ellipsis />
          </IconButton>
        }
        groups={[{ entries: [assign] }, { entries: change }, { entries: last }].filter(
          ({ entries }) => entries.length > 0,
        )}
      />
      <NamePopover asked={asked} anchor={anchor} onClose={() => setAsked(null)} />
      <LabelColor asked={coloring} onClose={() => askColor(null)} />
    </span>
  );
}
