import { ChevronDown, X } from "lucide-react";
import { type DragEvent, type ReactNode, useState } from "react";
import { Button, Dialog, DialogTrigger, Popover } from "react-aria-components";
import { formatCount } from "../../lib/format";
import type { Against, CellGroup } from "../../state/comparing";
import { IconButton } from "../../ui/Button";
import { MiddleEllipsis } from "../../ui/MiddleEllipsis";
import { DRAG_TYPE, type Dragged, draggedFrom } from "../dragCells";
import styles from "./compare.module.css";
import { GroupPicker } from "./GroupPicker";
import { groupWords } from "./words";

interface Props {
  side: "a" | "b";
  group: Against | null;
  count: number | null;
  /** Why it cannot be compared, or what one should know. */
  problem: string | null;
  onChoose(group: CellGroup | null): void;
  onDropped(dragged: Dragged): void;
  children?: ReactNode;
}

/** One side of a comparison: what is in it, and a way to put something else there. */
export function GroupField({ side, group, count, problem, onChoose, onDropped }: Props) {
  const [over, setOver] = useState(false);
  const [open, setOpen] = useState(false);
  const letter = side.toUpperCase();
  const isRest = group?.kind === "rest" && group.within.length === 0;
  const name = group ? groupWords(group) : "Choose cells…";

  const drag = (event: DragEvent): void => {
    if (!event.dataTransfer.types.includes(DRAG_TYPE)) return;
    event.preventDefault();
    setOver(event.type === "dragover");
  };
  const drop = (event: DragEvent): void => {
    setOver(false);
    const dragged = draggedFrom(event.dataTransfer);
    if (!dragged) return;
    event.preventDefault();
    onDropped(dragged);
  };

  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: dropping is one more way; the button does the same
    <div
      className={styles.side}
      data-side={side}
      data-over={over}
      data-empty={group === null}
      onDragOver={drag}
      onDragLeave={() => setOver(false)}
      onDrop={drop}
    >
      <span className={styles.letter} aria-hidden>
        {letter}
      </span>
      <DialogTrigger isOpen={open} onOpenChange={setOpen}>
        <Button
          className={styles.choose}
          aria-label={
            group
              ? `Group ${letter}: ${name}${count === null ? "" : `, ${count} cells`}. Change`
              : `Group ${letter}: choose cells`
          }
        >
          <span className={styles.groupName}>
            <MiddleEllipsis text={name} />
          </span>
          {count !== null && <span className={styles.count}>{formatCount(count)}</span>}
          <ChevronDown aria-hidden />
        </Button>
        <Popover className={styles.popover} placement="bottom end" offset={4}>
          <Dialog className={styles.dialog} aria-label={`Cells of group ${letter}`}>
            <GroupPicker
              side={side}
              onChoose={(chosen) => {
                setOpen(false);
                onChoose(chosen);
              }}
            />
          </Dialog>
        </Popover>
      </DialogTrigger>
      {group && !isRest && (
        <IconButton
          label={side === "a" ? "Empty group A" : "All other cells as group B"}
          placement="left"
          onPress={() => onChoose(null)}
        >
          <X />
        </IconButton>
      )}
      {problem && <p className={styles.sideProblem}>{problem}</p>}
    </div>
  );
}
