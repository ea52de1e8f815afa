import { ArrowUpDown, GitCompareArrows, ListTree } from "lucide-react";
import { type DragEvent, useEffect, useState } from "react";
import { formatCount } from "../../lib/format";
import { type CellGroup, type Comparison, restOf } from "../../state/comparing";
import type { Sizes } from "../../state/viewer";
import { IconButton, TextButton } from "../../ui/Button";
import { type Dragged, startDrag } from "../dragCells";
import { useApp, useView, useViewer } from "../useViewer";
import { ComparisonList } from "./ComparisonList";
import styles from "./compare.module.css";
import { GroupField } from "./GroupField";
import { HowFields } from "./HowFields";
import { MarkersMenu } from "./MarkersMenu";
import { categoryGroup, selectionGroup } from "./useGroupPicks";
import { againstOf, comparisonName } from "./words";

/** The part of the right sidebar below the genes: who is compared with whom, and what has been compared. */
export function ComparePanel() {
  const viewer = useViewer();
  const view = useView((state) => state);
  const selected = useApp((state) => state.tally.selected);
  const { groups, comparing } = view;
  const sizes = useSizes();
  const { a, b } = groups;

  const chooseA = (group: CellGroup | null): void => viewer.do({ type: "setGroup", side: "a", group });
  const chooseB = (group: CellGroup | null): void => {
    // The rest is that of the subset, where there is one.
    viewer.do({ type: "setGroup", side: "b", group: group ? againstOf(a, group) : restOf(view) });
  };
  const drop = (choose: (group: CellGroup) => void) => (dragged: Dragged) => {
    const group =
      dragged.kind === "selection"
        ? selectionGroup(view, selected)
        : categoryGroup(viewer, view, dragged.column, dragged.value);
    if (group) choose(group);
  };
  const selection = selectionGroup(view, selected);
  const problem = problemOf(a, sizes, comparing.method);
  const compare = (): void => {
    if (!a) return;
    const { method, layer } = comparing;
    const comparison: Comparison = { kind: "groups", name: comparisonName(a, b), a, b, method, layer };
    viewer.do({ type: "addComparison", comparison });
    viewer.do({ type: "setDock", tab: "compare" });
  };

  return (
    <section className={styles.panel} aria-labelledby="cxg-compare">
      <div className={styles.head}>
        <h2 id="cxg-compare">Compare</h2>
        <span>
          <IconButton
            label="Swap A and B"
            placement="left"
            isDisabled={!a || b.kind === "rest"}
            onPress={() => viewer.do({ type: "swapGroups" })}
          >
            <ArrowUpDown />
          </IconButton>
          <MarkersMenu
            trigger={
              <IconButton label="Markers of all categories" placement="left">
                <ListTree />
              </IconButton>
            }
          />
        </span>
      </div>
      {!a && <Teach selection={selection} onUse={chooseA} />}
      <div className={styles.sides}>
        <GroupField
          side="a"
          group={a}
          count={a ? (sizes?.a ?? countOf(a)) : null}
          problem={problem?.side === "a" ? problem.text : null}
          onChoose={chooseA}
          onDropped={drop(chooseA)}
        />
        <GroupField
          side="b"
          group={b}
          count={a ? (sizes?.b ?? null) : null}
          problem={problem?.side === "b" ? problem.text : null}
          onChoose={chooseB}
          onDropped={drop(chooseB)}
        />
      </div>
      <HowFields />
      <div className={styles.go}>
        <TextButton look="primary" isDisabled={!a || problem?.blocks === true} onPress={compare}>
          <GitCompareArrows aria-hidden style={{ color: "inherit" }} /> Compare
        </TextButton>
        {selection && a && <Selection count={selected} onUse={() => chooseA(selection)} />}
      </div>
      <ComparisonList />
    </section>
  );
}

/** Before anything is chosen: what to do, and the nearest way to do it. */
function Teach({ selection, onUse }: { selection: CellGroup | undefined; onUse(group: CellGroup): void }) {
  if (!selection) {
    return (
      <p className={styles.quiet}>
        Two groups of cells, gene by gene: select cells or choose a category for A. B is all other cells,
        unless you choose more.
      </p>
    );
  }
  const count = selection.kind === "filters" ? selection.count : null;
  return (
    <p className={styles.quiet}>
      <TextButton look="link" onPress={() => onUse(selection)}>
        Use the selection{count === null ? "" : ` (${formatCount(count)})`} as A
      </TextButton>
      , or choose a category.
    </p>
  );
}

/** The selection as something to take: by a click, or dragged into A or B. */
function Selection({ count, onUse }: { count: number; onUse(): void }) {
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the button inside does the same by key and click
    <span
      className={styles.selection}
      draggable
      onDragStart={(event: DragEvent) => startDrag(event.dataTransfer, { kind: "selection" })}
      title="Drag it into A or B"
    >
      <TextButton look="link" onPress={onUse}>
        Selection ({formatCount(count)}) as A
      </TextButton>
    </span>
  );
}

const countOf = (group: CellGroup): number | null => (group.kind === "filters" ? group.count : null);

/** How many cells there are on either side, once that is known. */
function useSizes(): Sizes | null {
  const viewer = useViewer();
  const groups = useView((view) => view.groups);
  const ready = useApp((state) => state.dataset !== null);
  const [known, setKnown] = useState<{ of: object; sizes: Sizes } | null>(null);
  useEffect(() => {
    if (!ready || !groups.a) return;
    const stop = new AbortController();
    viewer.comparisons.sizes(groups, stop.signal).then(
      (sizes) => setKnown({ of: groups, sizes }),
      () => undefined, // said where it matters: by the comparison itself
    );
    return () => stop.abort();
  }, [viewer, groups, ready]);
  return known?.of === groups ? known.sizes : null;
}

interface Trouble {
  side: "a" | "b";
  text: string;
  blocks: boolean;
}

/** What is wrong with the groups, or worth knowing. */
function problemOf(a: CellGroup | null, sizes: Sizes | null, method: string): Trouble | null {
  if (!a || !sizes) return null;
  for (const side of ["a", "b"] as const) {
    if (sizes[side] === 0) return { side, text: "No cells: choose others.", blocks: true };
    if (sizes[side] === 1 && method === "t-test") {
      return { side, text: "A single cell: the t-test needs two at least.", blocks: true };
    }
  }
  if (sizes.both === 0) return null;
  return {
    side: "b",
    text: `${formatCount(sizes.both)} cells are in A too, and count on both sides.`,
    blocks: false,
  };
}
