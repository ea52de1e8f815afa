import { PanelLeftClose, PanelLeftOpen, PanelRightClose, PanelRightOpen, X } from "lucide-react";
import { type ReactNode, useState } from "react";
import { Button } from "react-aria-components";
import { useView, useViewer } from "../features/useViewer";
import { IconButton } from "../ui/Button";
import { Resizer } from "../ui/Resizer";
import styles from "./app.module.css";
import type { Layout, Side } from "./useLayout";

interface Props {
  side: Side;
  title: string;
  layout: Layout;
  children: ReactNode;
}

const NARROWEST = 200; // CSS pixels
const WIDEST = 480;
const KEYS: Record<Side, string> = { cells: "[", genesPanel: "]" };

/** A sidebar: docked at full size, else a rail (or a tab, see StatusBar) and a drawer over the plot. */
export function Sidebar({ side, title, layout, children }: Props) {
  const left = side === "cells";
  const docked = layout.docked[side] > 0;
  const shown = layout.shown[side];
  const [Open, Close] = left ? [PanelLeftOpen, PanelLeftClose] : [PanelRightOpen, PanelRightClose];
  const viewer = useViewer();
  const asked = useView((view) => view[side].width);
  const [dragged, setDragged] = useState<number | null>(null);
  const width = dragged ?? layout.docked[side];

  return (
    <>
      {!docked && layout.size !== "narrow" && (
        <Button
          className={styles.rail}
          data-side={side}
          aria-label={`${shown ? "Close" : "Open"} ${title}`}
          aria-expanded={shown}
          onPress={() => layout.toggle(side)}
        >
          <Open aria-hidden />
          <span className={styles.railText}>{title}</span>
        </Button>
      )}
      {shown && (
        <aside
          className={docked ? styles.sidebar : styles.drawer}
          data-side={side}
          style={docked ? { width } : undefined}
          aria-label={title}
        >
          <div className={styles.panelHeader}>
            <h2>{title}</h2>
            <IconButton
              label={`Close ${title}`}
              shortcut={KEYS[side]}
              placement={left ? "right" : "left"}
              onPress={() => layout.toggle(side)}
            >
              {docked ? <Close /> : <X />}
            </IconButton>
          </div>
          <div className={styles.panelBody}>{children}</div>
          {docked && (
            <Resizer
              edge={left ? "right" : "left"}
              label={`Width of ${title}`}
              value={width}
              asked={asked}
              least={NARROWEST}
              most={WIDEST}
              onDrag={setDragged}
              onCommit={(wish) => {
                setDragged(null);
                viewer.do({ type: "setSidebar", side, width: wish });
              }}
            />
          )}
        </aside>
      )}
    </>
  );
}
