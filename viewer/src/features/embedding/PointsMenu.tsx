import { SlidersHorizontal } from "lucide-react";
import { Suspense } from "react";
import { Dialog, DialogTrigger, Popover } from "react-aria-components";
import { IconButton } from "../../ui/Button";
import { ErrorBoundary } from "../../ui/ErrorBoundary";
import { patientLazy } from "../../ui/patientLazy";
import { Skeleton } from "../../ui/Skeleton";
import styles from "./pointsMenu.module.css";

const PointsForm = patientLazy(() => import("./PointsForm"));

/** How points look, and the picture beneath them. */
export function PointsMenu({ placement }: { placement: "right top" | "bottom start" }) {
  return (
    <DialogTrigger>
      <IconButton label="Look of the points, clip, hover" placement="right">
        <SlidersHorizontal />
      </IconButton>
      <Popover className={styles.popover} placement={placement} offset={6}>
        <Dialog className={styles.form} aria-label="Look of the points">
          <ErrorBoundary part="The look of the points">
            <Suspense fallback={<Skeleton height={160} />}>
              <PointsForm />
            </Suspense>
          </ErrorBoundary>
        </Dialog>
      </Popover>
    </DialogTrigger>
  );
}
