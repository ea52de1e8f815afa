import { Hand, House, Lasso, Minus, Plus, SquareDashed, Tag } from "lucide-react";
import { ToggleButtonGroup, Toolbar } from "react-aria-components";
import { HOME_CAMERA, zoomAt } from "../../lib/camera";
import type { Tool } from "../../state/state";
import { IconButton, IconToggle } from "../../ui/Button";
import { useView, useViewer } from "../useViewer";
import styles from "./embedding.module.css";
import type { Plot } from "./Plot";
import { PointsMenu } from "./PointsMenu";

const TOOLS = [
  { id: "lasso", label: "Lasso (Shift adds, Alt removes, both intersect)", shortcut: "L", icon: <Lasso /> },
  {
    id: "rectangle",
    label: "Rectangle (Shift adds, Alt removes, both intersect)",
    shortcut: "R",
    icon: <SquareDashed />,
  },
  { id: "pan", label: "Move (or drag with Space held)", shortcut: "P", icon: <Hand /> },
] as const;

const STEP = 1.6; // zoom of a press on + or −

export type Orientation = "vertical" | "horizontal";

/** Zooms at the middle of the plot. */
export function zoomBy(plot: Plot, direction: 1 | -1): void {
  const { width, height } = plot;
  plot.setCamera(zoomAt(plot.camera, width / 2, height / 2, STEP ** direction, width, height));
}

/** What a drag does, and where the plot looks. */
export function Tools({ plot, orientation }: { plot: Plot | null; orientation: Orientation }) {
  const viewer = useViewer();
  const tool = useView((view) => view.tool);
  const named = useView((view) => view.centroids);
  return (
    <Toolbar orientation={orientation} aria-label="Plot tools" className={styles.tools} data-over-plot>
      <ToggleButtonGroup
        aria-label="What a drag does"
        className={styles.toolGroup}
        orientation={orientation}
        selectionMode="single"
        disallowEmptySelection
        selectedKeys={[tool]}
        onSelectionChange={(keys) => {
          const [chosen] = keys;
          if (chosen) viewer.do({ type: "setTool", tool: chosen as Tool });
        }}
      >
        {TOOLS.map(({ id, label, shortcut, icon }) => (
          <IconToggle key={id} id={id} label={label} shortcut={shortcut} placement="right">
            {icon}
          </IconToggle>
        ))}
      </ToggleButtonGroup>
      <div className={styles.toolGroup}>
        <IconButton label="Zoom in" shortcut="+" placement="right" onPress={() => plot && zoomBy(plot, 1)}>
          <Plus />
        </IconButton>
        <IconButton label="Zoom out" shortcut="−" placement="right" onPress={() => plot && zoomBy(plot, -1)}>
          <Minus />
        </IconButton>
        <IconButton
          label="Show all"
          shortcut="0"
          placement="right"
          onPress={() => plot?.setCamera({ ...HOME_CAMERA })}
        >
          <House />
        </IconButton>
        <IconToggle
          label="Names of the categories"
          shortcut="T"
          placement="right"
          isSelected={named}
          onChange={(shown) => viewer.do({ type: "setCentroids", shown })}
        >
          <Tag />
        </IconToggle>
        <PointsMenu placement={orientation === "vertical" ? "right top" : "bottom start"} />
      </div>
    </Toolbar>
  );
}
