import { ChevronDown } from "lucide-react";
import { Button } from "react-aria-components";
import type { Method } from "../../state/comparing";
import { Menu } from "../../ui/Menu";
import { useApp, useView, useViewer } from "../useViewer";
import styles from "./compare.module.css";
import { METHOD_HINTS, METHODS } from "./words";

/** By which test, and on which matrix. */
export function HowFields() {
  const viewer = useViewer();
  const { method, layer } = useView((view) => view.comparing);
  const layers = useApp((state) => state.dataset?.layers) ?? [];
  return (
    <div className={styles.how}>
      <Menu
        label="Test"
        trigger={
          <Button className={styles.select} aria-label={`Test: ${METHODS[method]}`}>
            {METHODS[method]} <ChevronDown aria-hidden />
          </Button>
        }
        groups={[
          {
            title: METHOD_HINTS[method],
            chosen: method,
            entries: (Object.keys(METHODS) as Method[]).map((id) => ({
              id,
              label: METHODS[id],
              onSelect: () => viewer.do({ type: "setComparing", changes: { method: id } }),
            })),
          },
        ]}
      />
      {layers.length > 1 && (
        <Menu
          label="Matrix"
          trigger={
            <Button className={styles.select} aria-label={`Matrix: ${layer}`}>
              {layer} <ChevronDown aria-hidden />
            </Button>
          }
          groups={[
            {
              title: "Should hold log(1 + x) of normalized counts",
              chosen: layer,
              entries: layers.map((id) => ({
                id,
                label: id,
                onSelect: () => viewer.do({ type: "setComparing", changes: { layer: id } }),
              })),
            },
          ]}
        />
      )}
    </div>
  );
}
