import { PanelLeftClose, PanelLeftOpen, PanelRightClose, PanelRightOpen, X } from "lucide-react";
import { type KeyboardEvent, type PointerEvent, type ReactNode, useState } from "react";
import { Button } from "react-aria-components";
import { useView, useViewer } from "../features/useViewer";
import { IconButton } from "../ui/Button";
import styles from "./app.module.css";
import type { Layout, Side } from "./useLayout";

interface Props {
  side: Side;
  title: string;
  layout: Layout;
  children: ReactNode;
}

const KEYS: Record<Side, string> = { cells: "[", genesPanel: "]" };

/** A sidebar: docked at full size, else a rail (or a tab, see StatusBar) and a drawer over the plot. */
export function Sidebar({ side, title, layout, children }: Props) {
  const left = side === "cells";
  const docked = layout.docked[side] > 0;
  const shown = layout.shown[side];
  const [Open, Close] = left ? [PanelLeftOpen, PanelLeftClose] : [PanelRightOpen, PanelRightClose];
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
          {docked && <Resizer side={side} title={title} width={width} onDrag={setDragged} />}
        </aside>
      )}
    </>
  );
}

const NARROWEST = 200; // CSS pixels
const WIDEST = 480;
const STEP = 16;

interface ResizerProps {
  side: Side;
  title: string;
  width: number;
  onDrag(width: number | null): void;
}

/** The inner edge of a docked sidebar. */
function Resizer({ side, title, width, onDrag }: ResizerProps) {
  const viewer = useViewer();
  const asked = useView((view) => view[side].width);
  const direction = side === "cells" ? 1 : -1;
  const clamp = (wish: number): number => Math.round(Math.min(WIDEST, Math.max(NARROWEST, wish)));
  const commit = (wish: number): void => {
    onDrag(null);
    viewer.do({ type: "setSidebar", side, width: clamp(wish) });
  };

  const onPointerDown = (event: PointerEvent<HTMLHRElement>): void => {
    const edge: HTMLElement = event.currentTarget;
    const from = event.clientX;
    const stop = new AbortController();
    const until = { signal: stop.signal };
    let wish = width;
    edge.setPointerCapture(event.pointerId);
    edge.addEventListener(
      "pointermove",
      (move) => {
        wish = width + direction * (move.clientX - from);
        onDrag(clamp(wish));
      },
      until,
    );
    for (const end of ["pointerup", "pointercancel"]) {
      edge.addEventListener(
        end,
        () => {
          stop.abort();
          commit(wish);
        },
        until,
      );
    }
  };

  const onKeyDown = (event: KeyboardEvent): void => {
    const steps = event.key === "ArrowRight" ? 1 : event.key === "ArrowLeft" ? -1 : 0;
    if (steps === 0) return;
    event.preventDefault();
    commit(asked + direction * steps * STEP);
  };

  return (
    <hr
      className={styles.resizer}
      data-side={side}
      tabIndex={0}
      aria-orientation="vertical"
      aria-label={`Width of ${title}`}
      aria-valuenow={Math.round(width)}
      aria-valuemin={NARROWEST}
      aria-valuemax={WIDEST}
      onPointerDown={onPointerDown}
      onKeyDown={onKeyDown}
    />
  );
}
