import { SlidersHorizontal } from "lucide-react";
import { lazy, Suspense } from "react";
import { Dialog, DialogTrigger, Popover } from "react-aria-components";
import { IconButton } from "../../ui/Button";
import styles from "./pointsMenu.module.css";

const PointsForm = lazy(() => import("./PointsForm"));

/** How points look, and the picture beneath them. */
export function PointsMenu({ placement }: { placement: "right top" | "bottom start" }) {
  return (
    <DialogTrigger>
      <IconButton label="Look of the points, clip, hover" placement="right">
        <SlidersHorizontal />
      </IconButton>
      <Popover className={styles.popover} placement={placement} offset={6}>
        <Dialog className={styles.form} aria-label="Look of the points">
          <Suspense>
            <PointsForm />
          </Suspense>
        </Dialog>
      </Popover>
    </DialogTrigger>
  );
}
