import { Suspense } from "react";
import { Dialog, Popover } from "react-aria-components";
import { patientLazy } from "../ui/patientLazy";
import styles from "./labelColor.module.css";

const LabelColorForm = patientLazy(() => import("./colors/LabelColorForm"));

/** The label whose color is asked for, and what stands for it. */
export interface ColorAsked {
  column: string;
  label: string;
  anchor: Element;
}

interface Props {
  asked: ColorAsked | null;
  onClose(): void;
}

/** The color of one label, chosen beside it. */
export function LabelColor({ asked, onClose }: Props) {
  return (
    <Popover
      className={styles.popover}
      triggerRef={{ current: asked?.anchor ?? null }}
      isOpen={asked !== null}
      onOpenChange={(open) => open || onClose()}
      placement="right top"
      offset={8}
    >
      {asked && (
        <Dialog className={styles.dialog} aria-label={`Color of ${asked.label}`}>
          <Suspense>
            <LabelColorForm column={asked.column} label={asked.label} />
          </Suspense>
        </Dialog>
      )}
    </Popover>
  );
}
