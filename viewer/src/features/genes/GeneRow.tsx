import { ChevronRight, Info, X } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { Button, DialogTrigger, Popover } from "react-aria-components";
import { geneKey } from "../../data/keys";
import { BusyLine } from "../../ui/BusyLine";
import { IconButton } from "../../ui/Button";
import { ColorByButton } from "../../ui/ColorByButton";
import { MiniHistogram } from "../../ui/MiniHistogram";
import { Problem } from "../../ui/Problem";
import { Skeleton } from "../../ui/Skeleton";
import { useInView } from "../../ui/useInView";
import { RangeHistogram } from "../RangeHistogram";
import { useColorBy, useColumn, useCounts, useView, useViewer } from "../useViewer";
import { AxisButtons } from "./AxisButtons";
import { GeneCard } from "./GeneCard";
import styles from "./genes.module.css";

interface Props {
  gene: string;
  /** What was noted about it in the set that it stands in. */
  about?: string;
  /** Where it stands in a gene set: takes it out of that. */
  onRemove?(): void;
}

/** One gene: name, small histogram, facts, axes, remove, color; the whole histogram when open. */
export function GeneRow({ gene, about, onRemove }: Props) {
  const viewer = useViewer();
  const row = useRef<HTMLLIElement>(null);
  const seen = useInView(row); // a set may have hundreds
  const [open, setOpen] = useState(false);
  const source = { kind: "gene", name: gene } as const;
  const key = seen ? geneKey(gene) : null;
  const [active, setActive] = useColorBy(source);
  useEffect(() => (key === null ? undefined : viewer.watch(key)), [viewer, key]);
  const { column: loaded, error, retry } = useColumn(key);
  const column = loaded?.kind === "continuous" ? loaded : undefined;
  const counts = useCounts().histogram(source);
  const filtered = useView((view) => view.filters.length > 0);
  const label = viewer.genes.label(gene);
  const remove = onRemove ?? (() => viewer.do({ type: "removeGene", gene }));

  return (
    <li ref={row} className={styles.gene} data-active={active} data-gene={gene}>
      <div className={styles.header}>
        <Button className={styles.title} aria-expanded={open} onPress={() => setOpen(!open)}>
          <ChevronRight className={styles.chevron} data-open={open} aria-hidden />
          <span
            className={styles.symbol}
            title={[label, label === gene ? null : gene, about].filter(Boolean).join("\n")}
          >
            {label}
          </span>
          <span className={styles.mini}>
            {counts && !open && (
              <MiniHistogram
                total={counts.total}
                selected={filtered ? counts.selected : null}
                width={56}
                height={16}
              />
            )}
          </span>
        </Button>
        <span className={styles.actions}>
          <DialogTrigger>
            <IconButton label={`About ${label}`} placement="left">
              <Info />
            </IconButton>
            <Popover className={styles.popover} placement="left top" offset={6}>
              <GeneCard gene={gene} about={about} column={column} />
            </Popover>
          </DialogTrigger>
          <IconButton label={`Remove ${label}`} placement="left" onPress={remove}>
            <X />
          </IconButton>
        </span>
        <AxisButtons gene={gene} label={label} />
        <ColorByButton name={label} active={active} onChange={setActive} />
      </div>
      {seen && !column && error === null && <BusyLine label={`Loading ${label}`} edge="bottom" />}
      {error !== null && (
        <div className={styles.body}>
          <Problem message={error} onRetry={retry} />
        </div>
      )}
      {open && error === null && (
        <div className={styles.body}>
          {!column ? (
            <Skeleton height={98} />
          ) : column.max > column.min ? (
            <RangeHistogram source={source} label={label} column={column} />
          ) : (
            <p className={styles.constant}>
              {column.max === 0 ? "Zero in every cell." : "The same value in every cell."}
            </p>
          )}
        </div>
      )}
    </li>
  );
}
