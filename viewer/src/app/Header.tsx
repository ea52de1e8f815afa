import {
  Bookmark,
  EllipsisVertical,
  Moon,
  PanelBottom,
  Redo2,
  Search,
  Share2,
  Sun,
  Undo2,
  X,
} from "lucide-react";
import { type RefObject, useState } from "react";
import { EmbeddingChooser } from "../features/embedding/EmbeddingChooser";
import { PanelsMenu } from "../features/embedding/PanelsMenu";
import { FindBox } from "../features/find/FindBox";
import { useApp, useView, useViewer } from "../features/useViewer";
import { copyText } from "../lib/clipboard";
import { formatCount } from "../lib/format";
import { COMMAND_KEY } from "../lib/platform";
import type { Viewer } from "../state/viewer";
import { IconButton, IconToggle } from "../ui/Button";
import { Menu, type MenuGroup } from "../ui/Menu";
import styles from "./app.module.css";
import type { ShownTheme } from "./theme";
import type { LayoutSize } from "./useLayout";

interface Props extends Commands {
  size: LayoutSize;
  theme: ShownTheme;
  find: RefObject<HTMLInputElement | null>;
}

/** What the page does, not the viewer. */
interface Commands {
  onResetView(): void;
  onShowKeys(): void;
  onShowLeftOut(): void;
  onShowInfo(): void;
  onShare(): void;
  onShowViews(): void;
  onToggleDock(): void;
}

export function Header({ size, theme, find, ...commands }: Props) {
  const viewer = useViewer();
  const canUndo = useApp((state) => state.canUndo);
  const canRedo = useApp((state) => state.canRedo);
  const [finding, setFinding] = useState(false);
  const docked = useView((view) => view.dock.tab !== null);
  const narrow = size === "narrow";
  const groups = useMenu(size, commands);

  if (narrow && finding) {
    return (
      <header className={styles.header}>
        <FindBox autoFocus inputRef={find} onDone={() => setFinding(false)} />
        <IconButton label="Close the search" onPress={() => setFinding(false)}>
          <X />
        </IconButton>
      </header>
    );
  }
  return (
    <header className={styles.header}>
      <Title size={size} />
      {narrow ? (
        <IconButton label="Find a gene, column or category" onPress={() => setFinding(true)}>
          <Search />
        </IconButton>
      ) : (
        <div className={styles.find}>
          <FindBox inputRef={find} onDone={() => find.current?.blur()} />
        </div>
      )}
      <div className={styles.end}>
        <EmbeddingChooser short={size !== "full"} />
        {!narrow && <PanelsMenu />}
        <div className={styles.buttons}>
          {!narrow && (
            <>
              <IconButton
                label="Undo"
                shortcut={`${COMMAND_KEY} Z`}
                isDisabled={!canUndo}
                onPress={() => viewer.undo()}
              >
                <Undo2 />
              </IconButton>
              <IconButton
                label="Redo"
                shortcut={`${COMMAND_KEY} Shift Z`}
                isDisabled={!canRedo}
                onPress={() => viewer.redo()}
              >
                <Redo2 />
              </IconButton>
            </>
          )}
          {size === "full" && (
            <IconButton
              label={theme === "dark" ? "Light theme" : "Dark theme"}
              onPress={() => viewer.do({ type: "setTheme", theme: theme === "dark" ? "light" : "dark" })}
            >
              {theme === "dark" ? <Sun /> : <Moon />}
            </IconButton>
          )}
          {!narrow && (
            <IconToggle
              label="Results and figures"
              shortcut="D"
              isSelected={docked}
              onChange={commands.onToggleDock}
            >
              <PanelBottom />
            </IconToggle>
          )}
          {size === "full" && viewer.address() !== null && (
            <IconButton label="Views" shortcut="V" onPress={commands.onShowViews}>
              <Bookmark />
            </IconButton>
          )}
          {viewer.sharing && !narrow && (
            <IconButton label="Share this view" onPress={commands.onShare}>
              <Share2 />
            </IconButton>
          )}
          <Menu
            label="More"
            groups={groups}
            trigger={
              <IconButton label="More">
                <EllipsisVertical />
              </IconButton>
            }
          />
        </div>
      </div>
    </header>
  );
}

async function copyLink(viewer: Viewer): Promise<void> {
  const copied = await copyText(viewer.address() ?? "");
  viewer.notify(
    copied
      ? "The link to this view is on the clipboard."
      : "This browser does not let the page copy: the link is under Views, to be selected.",
  );
}

function Title({ size }: { size: LayoutSize }) {
  const dataset = useApp((state) => state.dataset);
  if (!dataset) return <h1 className={styles.title}>&nbsp;</h1>;
  const shape = `${formatCount(dataset.nObs)} cells × ${formatCount(dataset.nVar)} genes`;
  return (
    <h1 className={styles.title} title={`${dataset.title}: ${shape}`}>
      <span className={styles.name}>{dataset.title}</span>
      {size === "full" && <span className={styles.shape}>{shape}</span>}
    </h1>
  );
}

function useMenu(size: LayoutSize, commands: Commands): MenuGroup[] {
  const viewer = useViewer();
  const theme = useView((view) => view.theme);
  const canUndo = useApp((state) => state.canUndo);
  const canRedo = useApp((state) => state.canRedo);
  const leftOut = useApp((state) => state.dataset?.leftOut.length ?? 0);
  const filtered = useView((view) => view.filters.length > 0);

  const view = {
    entries: [
      { id: "home", label: "Reset the view", shortcut: "0", onSelect: commands.onResetView },
      {
        id: "clear",
        label: "Clear all filters",
        disabled: !filtered,
        onSelect: () => viewer.do({ type: "clearFilters" }),
      },
      { id: "dock", label: "Results and figures", shortcut: "D", onSelect: commands.onToggleDock },
      ...(viewer.address() === null
        ? []
        : [
            { id: "views", label: "Views", shortcut: "V", onSelect: commands.onShowViews },
            { id: "copy", label: "Copy link to this view", onSelect: () => void copyLink(viewer) },
          ]),
      ...(viewer.sharing ? [{ id: "share", label: "Share this view", onSelect: commands.onShare }] : []),
    ],
  };
  const history = {
    entries: [
      { id: "undo", label: "Undo", disabled: !canUndo, onSelect: () => viewer.undo() },
      { id: "redo", label: "Redo", disabled: !canRedo, onSelect: () => viewer.redo() },
    ],
  };
  const themes = {
    title: "Theme",
    chosen: theme,
    entries: [
      {
        id: "auto",
        label: "Automatic",
        onSelect: () => viewer.do({ type: "setTheme", theme: "auto" }),
      },
      { id: "light", label: "Light", onSelect: () => viewer.do({ type: "setTheme", theme: "light" }) },
      { id: "dark", label: "Dark", onSelect: () => viewer.do({ type: "setTheme", theme: "dark" }) },
    ],
  };
  const about = {
    entries: [
      { id: "info", label: "About this dataset", onSelect: commands.onShowInfo },
      { id: "keys", label: "Keyboard shortcuts", shortcut: "?", onSelect: commands.onShowKeys },
      ...(leftOut > 0
        ? [{ id: "left-out", label: "What is not shown", onSelect: commands.onShowLeftOut }]
        : []),
    ],
  };
  return size === "narrow" ? [history, view, themes, about] : [view, themes, about];
}
