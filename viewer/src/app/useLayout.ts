import { type RefObject, useCallback, useEffect, useLayoutEffect, useRef } from "react";
import { useTransient, useTransientStore, useView, useViewer } from "../features/useViewer";
import { useSize } from "../ui/useSize";

export type LayoutSize = "full" | "compact" | "narrow";
export type Side = "cells" | "genesPanel";

const FULL = 1100; // CSS pixels of width, at least
const COMPACT = 560;
const RAIL = 40;

export interface Layout {
  size: LayoutSize;
  /** CSS pixels of a sidebar; 0 while it is not docked. */
  docked: Record<Side, number>;
  /** The sidebar can be seen, docked or as a drawer. */
  shown: Record<Side, boolean>;
  drawer: Side | undefined;
  /** CSS pixels of the plot beside an open drawer. */
  plotWidth: number;
  toggle(side: Side): void;
  show(side: Side): void;
}

export function layoutSize(width: number): LayoutSize {
  return width >= FULL ? "full" : width >= COMPACT ? "compact" : "narrow";
}

/** The width of a drawer of a compact page, as --cxg-drawer in app.module.css. */
const drawerWidth = (page: number): number => Math.min(300, 0.48 * page);

/** The widths that two docked sidebars get: together at most half of the page, the plot has the rest. */
export function dockedWidths(page: number, cells: number, genes: number): Record<Side, number> {
  const shrink = Math.min(1, page / 2 / Math.max(1, cells + genes));
  return { cells: Math.floor(cells * shrink), genesPanel: Math.floor(genes * shrink) };
}

/** Which sidebar is where. Docked ones belong to the view state; a drawer lives for the moment. */
export function useLayout(page: RefObject<HTMLElement | null>): Layout {
  const viewer = useViewer();
  const transient = useTransientStore();
  const width = useSize(page)?.width ?? window.innerWidth;
  const size = layoutSize(width);
  const cells = useView((view) => view.cells);
  const genesPanel = useView((view) => view.genesPanel);
  const drawer = useTransient((state) => state.drawer);

  useLayoutEffect(() => {
    document.documentElement.dataset.size = size; // menus and popovers stand outside of the page
  }, [size]);

  const setOpen = useCallback(
    (side: Side, open: boolean) => {
      if (size === "full") viewer.do({ type: "setSidebar", side, open });
      else transient.setState({ drawer: open ? side : null });
    },
    [viewer, transient, size],
  );
  useOpenedElsewhere("cells", cells.open, size, setOpen);
  useOpenedElsewhere("genesPanel", genesPanel.open, size, setOpen);

  const full = size === "full";
  const docked = full
    ? dockedWidths(width, cells.open ? cells.width : 0, genesPanel.open ? genesPanel.width : 0)
    : { cells: 0, genesPanel: 0 };
  const shown = {
    cells: full ? cells.open : drawer === "cells",
    genesPanel: full ? genesPanel.open : drawer === "genesPanel",
  };
  const rails = size === "narrow" ? 0 : (docked.cells ? 0 : RAIL) + (docked.genesPanel ? 0 : RAIL);
  const covered = size === "compact" && drawer ? drawerWidth(width) - RAIL : 0;
  return {
    size,
    docked,
    shown,
    drawer: full ? undefined : (drawer ?? undefined),
    plotWidth: width - docked.cells - docked.genesPanel - rails - covered,
    toggle: (side) => setOpen(side, !shown[side]),
    show: (side) => {
      if (!shown[side]) setOpen(side, true);
    },
  };
}

/** Python or another view opens or closes a sidebar: the drawer follows, where there are drawers. */
function useOpenedElsewhere(
  side: Side,
  open: boolean,
  size: LayoutSize,
  setOpen: (side: Side, open: boolean) => void,
): void {
  const before = useRef(open);
  useEffect(() => {
    if (before.current === open) return;
    before.current = open;
    if (size !== "full") setOpen(side, open);
  }, [side, open, size, setOpen]);
}
