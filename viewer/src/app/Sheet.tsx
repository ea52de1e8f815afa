import { X } from "lucide-react";
import { type ReactNode, Suspense, useEffect, useRef } from "react";
import { IconButton } from "../ui/Button";
import { ErrorBoundary } from "../ui/ErrorBoundary";
import { Skeleton } from "../ui/Skeleton";
import styles from "./app.module.css";

interface Props {
  title: string;
  onClose(): void;
  children: ReactNode;
}

/** A page of information over the plot. It blocks nothing, and Esc closes it. */
export function Sheet({ title, onClose, children }: Props) {
  const sheet = useRef<HTMLElement>(null);
  useEffect(() => {
    const before = document.activeElement;
    sheet.current?.focus();
    return () => {
      if (before instanceof HTMLElement) before.focus();
    };
  }, []);
  return (
    <section ref={sheet} className={styles.sheet} aria-label={title} tabIndex={-1}>
      <div className={styles.panelHeader}>
        <h2>{title}</h2>
        <IconButton label="Close" shortcut="Esc" onPress={onClose}>
          <X />
        </IconButton>
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be within reach of the keys */}
      <div className={styles.sheetBody} tabIndex={0}>
        <ErrorBoundary part={title}>
          <Suspense fallback={<Skeleton height={160} />}>{children}</Suspense>
        </ErrorBoundary>
      </div>
    </section>
  );
}
