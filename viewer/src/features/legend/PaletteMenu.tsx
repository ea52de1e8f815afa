import { ChevronDown } from "lucide-react";
import { Button } from "react-aria-components";
import type { ViewState } from "../../state/state";
import { Menu } from "../../ui/Menu";
import { useView, useViewer } from "../useViewer";
import styles from "./legend.module.css";

const PALETTES: [ViewState["palette"], string][] = [
  ["viridis", "Viridis"],
  ["magma", "Magma"],
  ["cividis", "Cividis"],
  ["cool", "Cool"],
  ["rdbu", "Red–blue"],
];

/** Which colors stand for numbers. */
export function PaletteMenu() {
  const viewer = useViewer();
  const palette = useView((view) => view.palette);
  return (
    <Menu
      label="Colors of numbers"
      trigger={
        <Button className={styles.palette} aria-label="Colors of numbers">
          <ChevronDown />
        </Button>
      }
      groups={[
        {
          title: "Colors of numbers",
          chosen: palette,
          entries: PALETTES.map(([id, label]) => ({
            id,
            label,
            onSelect: () => viewer.do({ type: "setPalette", palette: id }),
          })),
        },
      ]}
    />
  );
}
