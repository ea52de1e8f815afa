import { ChevronDown } from "lucide-react";
import { Suspense } from "react";
import { Button, Dialog, DialogTrigger, Popover } from "react-aria-components";
import type { ColorBy } from "../../state/state";
import type { ContinuousColumn } from "../../state/viewer";
import { patientLazy } from "../../ui/patientLazy";
import styles from "./legend.module.css";
import form from "./numberColors.module.css";

const NumberColorsForm = patientLazy(() => import("./NumberColorsForm"));

/** Which colors stand for numbers, and for which. */
export function NumberColors({ source, column }: { source: ColorBy; column: ContinuousColumn }) {
  return (
    <DialogTrigger>
      <Button className={styles.palette} aria-label="Colors of numbers">
        <ChevronDown />
      </Button>
      <Popover className={form.popover} placement="top end" offset={6}>
        <Dialog className={form.form} aria-label="Colors of numbers">
          <Suspense>
            <NumberColorsForm source={source} column={column} />
          </Suspense>
        </Dialog>
      </Popover>
    </DialogTrigger>
  );
}
