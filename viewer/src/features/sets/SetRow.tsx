import { ChevronRight, Ellipsis } from "lucide-react";
import { type KeyboardEvent, useState } from "react";
import { Button } from "react-aria-components";
import { formatCount } from "../../lib/format";
import type { GeneSet, SetMethod } from "../../state/state";
import { IconButton, TextButton } from "../../ui/Button";
import { ColorByButton } from "../../ui/ColorByButton";
import { Menu } from "../../ui/Menu";
import { GeneRow } from "../genes/GeneRow";
import { useApp, useView, useViewer } from "../useViewer";
import { SetNumbers } from "./SetNumbers";
import styles from "./sets.module.css";

interface Props {
  set: GeneSet;
  index: number;
  count: number;
  onEdit(): void;
  /** Opens the editor with what was not found the last time. */
  onFix(): void;
}

const SHOWN = 30; // gene rows before "show all"

/** One gene set: name, number of genes, menu, color; its numbers and genes when open. */
export function SetRow({ set, index, count, onEdit, onFix }: Props) {
  const viewer = useViewer();
  const [open, setOpen] = useState(false);
  const [shown, setShown] = useState(SHOWN);
  const [method, setMethod] = useMethod(set.name);
  const leftOut = useApp((state) => state.sets.leftOut[set.name]);
  const active = useView((view) => view.color?.kind === "set" && view.color.name === set.name);
  const { name, genes, description } = set;
  const empty = genes.length === 0;

  const color = (on: boolean, by: SetMethod): void =>
    viewer.do({ type: "colorBy", color: on ? { kind: "set", name, method: by, genes } : null });
  const choose = (by: SetMethod): void => {
    setMethod(by);
    if (active) color(true, by);
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const step = event.key === "ArrowUp" ? -1 : event.key === "ArrowDown" ? 1 : 0;
    if (!event.altKey || step === 0) return;
    event.preventDefault();
    viewer.sets.move(name, index + step);
  };

  return (
    <li className={styles.set} data-active={active} data-set={name} onKeyDown={onKeyDown}>
      <div className={styles.header}>
        <Button className={styles.title} aria-expanded={open} onPress={() => setOpen(!open)}>
          <ChevronRight className={styles.chevron} data-open={open} aria-hidden />
          <span className={styles.name} title={description ? `${name}\n${description}` : name}>
            {name}
          </span>
          <span className={styles.count} title={`${formatCount(genes.length)} genes`}>
            {formatCount(genes.length)}
          </span>
        </Button>
        <Menu
          label={`Gene set ${name}`}
          trigger={
            <IconButton label={`More of ${name}`} placement="left">
              <Ellipsis />
            </IconButton>
          }
          groups={[
            {
              entries: [
                { id: "edit", label: "Edit…", onSelect: onEdit },
                {
                  id: "list",
                  label: "Add its genes to the list",
                  disabled: empty,
                  onSelect: () => viewer.do({ type: "addGenes", genes }),
                },
              ],
            },
            {
              title: "Color and filter by",
              chosen: method,
              entries: [
                { id: "mean", label: "Mean of its genes", onSelect: () => choose("mean") },
                {
                  id: "score_genes",
                  label: "Score (scanpy’s score_genes)",
                  onSelect: () => choose("score_genes"),
                },
              ],
            },
            {
              entries: [
                {
                  id: "up",
                  label: "Move up",
                  shortcut: "Alt ↑",
                  disabled: index === 0,
                  onSelect: () => viewer.sets.move(name, index - 1),
                },
                {
                  id: "down",
                  label: "Move down",
                  shortcut: "Alt ↓",
                  disabled: index === count - 1,
                  onSelect: () => viewer.sets.move(name, index + 1),
                },
                { id: "delete", label: "Delete", onSelect: () => viewer.sets.remove(name) },
              ],
            },
          ]}
        />
        <ColorByButton name={name} active={active} isDisabled={empty} onChange={(on) => color(on, method)} />
      </div>
      {leftOut && (
        <p className={styles.leftOut}>
          <span title={leftOut.join(", ")}>
            {formatCount(leftOut.length)} not found: {leftOut.slice(0, 3).join(", ")}
            {leftOut.length > 3 && " …"}
          </span>
          <TextButton look="link" onPress={onFix}>
            Correct
          </TextButton>
          <TextButton look="link" onPress={() => viewer.sets.leaveOut(name, [])}>
            Forget
          </TextButton>
        </p>
      )}
      {open && (
        <div className={styles.body}>
          {description && <p className={styles.description}>{description}</p>}
          {empty ? (
            <p className={styles.description}>
              No genes yet.{" "}
              <TextButton look="link" onPress={onEdit}>
                Add some
              </TextButton>
            </p>
          ) : (
            <SetNumbers source={{ kind: "set", name, method, genes }} />
          )}
          <ul className={styles.genes} aria-label={`Genes of ${name}`}>
            {genes.slice(0, shown).map((gene) => (
              <GeneRow
                key={gene}
                gene={gene}
                about={set.about[gene]}
                onRemove={() =>
                  viewer.sets.update(name, { ...set, genes: genes.filter((other) => other !== gene) })
                }
              />
            ))}
          </ul>
          {genes.length > shown && (
            <TextButton look="link" onPress={() => setShown(genes.length)}>
              Show all {formatCount(genes.length)}
            </TextButton>
          )}
        </div>
      )}
    </li>
  );
}

/** How the set becomes a number: as it colors now, else as it was chosen last. */
function useMethod(name: string): [SetMethod, (method: SetMethod) => void] {
  const [chosen, choose] = useState<SetMethod>("mean");
  const shown = useView((view) =>
    view.color?.kind === "set" && view.color.name === name ? view.color.method : null,
  );
  return [shown ?? chosen, choose];
}
