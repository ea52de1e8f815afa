import { ChevronUp } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { Button, Dialog, Popover } from "react-aria-components";
import { TextButton } from "../../ui/Button";
import { Late } from "../../ui/Late";
import { awaitedEntry, Menu, type MenuEntry } from "../../ui/Menu";
import { Problem } from "../../ui/Problem";
import { useApp, useView, useViewer } from "../useViewer";
import { CodePanel } from "./CodePanel";
import { NamedSelections } from "./NamedSelections";
import styles from "./selecting.module.css";
import { useNeighbors } from "./useNeighbors";

/** What can be done with the selection, beside its count. */
export function SelectionBar({ short }: { short: boolean }) {
  const viewer = useViewer();
  const button = useRef<HTMLButtonElement>(null);
  const [panel, setPanel] = useState<"code" | "names" | null>(null);
  const filtered = useView((view) => view.filters.length > 0);
  const levels = useView((view) => view.subset.length);
  const { selected, inside, total } = useApp((state) => state.tally);
  const part = filtered && selected > 0 && selected < inside;
  const neighbors = useNeighbors();
  useEffect(() => {
    if (panel === null) return;
    // Also when what had the focus is gone, as the row of a deleted name is.
    const onKeyDown = (event: KeyboardEvent): void => {
      if (event.key === "Escape") setPanel(null);
    };
    window.addEventListener("keydown", onKeyDown);
    return () => window.removeEventListener("keydown", onKeyDown);
  }, [panel]);
  if (total === 0) return null;

  const entries: MenuEntry[] = [
    {
      id: "subset",
      label: "Show the selected cells alone",
      shortcut: "S",
      disabled: !part,
      onSelect: () => viewer.do({ type: "subset" }),
    },
    {
      id: "reset",
      label: "Back to all cells",
      shortcut: "Shift S",
      disabled: levels === 0,
      onSelect: () => viewer.do({ type: "resetSubset" }),
    },
    {
      id: "invert",
      label: "Select the other cells",
      shortcut: "I",
      disabled: !filtered,
      onSelect: () => viewer.do({ type: "invertFilters" }),
    },
    ...(neighbors.graphs
      ? neighbors.graphs.map(({ name, label }) => ({
          id: `neighbors/${name}`,
          label,
          disabled: !part || neighbors.running,
          onSelect: () => void neighbors.select(name),
        }))
      : [awaitedEntry("neighbors", "Loading the graphs of neighbors…", neighbors.error, neighbors.look)]),
  ];
  const keeping: MenuEntry[] = [
    { id: "names", label: "Selections with names…", onSelect: () => setPanel("names") },
    {
      id: "code",
      label: "Copy as code…",
      disabled: !filtered && levels === 0,
      onSelect: () => setPanel("code"),
    },
  ];

  return (
    <span className={styles.bar}>
      {!short && part && (
        <TextButton look="link" onPress={() => viewer.do({ type: "subset" })}>
          Subset
        </TextButton>
      )}
      {!short && levels > 0 && (
        <TextButton look="link" onPress={() => viewer.do({ type: "resetSubset" })}>
          Reset subset
        </TextButton>
      )}
      {!short && filtered && (
        <TextButton look="link" onPress={() => viewer.do({ type: "invertFilters" })}>
          Invert
        </TextButton>
      )}
      <Menu
        label="Selection"
        placement="top start"
        onOpen={neighbors.look}
        trigger={
          <Button ref={button} className={styles.menu} aria-label="Selection">
            Selection <ChevronUp aria-hidden />
          </Button>
        }
        groups={[{ entries }, { entries: keeping }]}
      />
      {neighbors.running && (
        <span className={styles.running}>
          <Late>Finding neighbors…</Late>
        </span>
      )}
      <Popover
        className={styles.popover}
        triggerRef={button}
        placement="top start"
        offset={6}
        isNonModal
        isOpen={neighbors.failed !== null}
        onOpenChange={(open) => !open && neighbors.forget()}
      >
        <Dialog className={styles.dialog} aria-label="Their neighbors were not found">
          <Problem message={neighbors.failed ?? ""} onRetry={neighbors.again} />
        </Dialog>
      </Popover>
      <Popover
        className={styles.popover}
        triggerRef={button}
        placement="top start"
        offset={6}
        isOpen={panel !== null}
        onOpenChange={(open) => !open && setPanel(null)}
      >
        <Dialog
          className={styles.dialog}
          aria-label={panel === "code" ? "Code of the selection" : "Selections"}
        >
          {panel === "code" ? <CodePanel /> : <NamedSelections onDone={() => setPanel(null)} />}
        </Dialog>
      </Popover>
    </span>
  );
}
