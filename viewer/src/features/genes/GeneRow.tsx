import { ChevronRight, X } from "lucide-react";
import { useState } from "react";
import { Button } from "react-aria-components";
import { geneKey } from "../../data/keys";
import { IconButton } from "../../ui/Button";
import { ColorByButton } from "../../ui/ColorByButton";
import { MiniHistogram } from "../../ui/MiniHistogram";
import { Problem } from "../../ui/Problem";
import { Skeleton } from "../../ui/Skeleton";
import { RangeHistogram } from "../RangeHistogram";
import { useColorBy, useColumn, useCounts, useView, useViewer } from "../useViewer";
import styles from "./genes.module.css";

/** One gene: name, small histogram, remove, color; the whole histogram when open. */
export function GeneRow({ gene }: { gene: string }) {
  const viewer = useViewer();
  const [open, setOpen] = useState(false);
  const source = { kind: "gene", name: gene } as const;
  const [active, setActive] = useColorBy(source);
  const { column: loaded, error, retry } = useColumn(geneKey(gene));
  const column = loaded?.kind === "continuous" ? loaded : undefined;
  const counts = useCounts().histogram(source);
  const filtered = useView((view) => view.filters.length > 0);

  return (
    <li className={styles.gene} data-active={active}>
      <div className={styles.header}>
        <Button className={styles.title} aria-expanded={open} onPress={() => setOpen(!open)}>
          <ChevronRight className={styles.chevron} data-open={open} aria-hidden />
          <span className={styles.symbol} title={gene}>
            {gene}
          </span>
          <span className={styles.mini}>
            {counts && !open && (
              <MiniHistogram
                total={counts.total}
                selected={filtered ? counts.selected : null}
                width={72}
                height={16}
              />
            )}
          </span>
        </Button>
        <span className={styles.remove}>
          <IconButton
            label={`Remove ${gene}`}
            placement="left"
            onPress={() => viewer.do({ type: "removeGene", gene })}
          >
            <X />
          </IconButton>
        </span>
        <ColorByButton name={gene} active={active} onChange={setActive} />
      </div>
      {!column && error === null && (
        <div className={styles.loading} role="progressbar" aria-label={`Loading ${gene}`} />
      )}
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
            <RangeHistogram source={source} label={gene} column={column} />
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
