import { ChevronRight, Info, X } from "lucide-react";
import { memo, useEffect, useRef, useState } from "react";
import { Button, DialogTrigger, Popover } from "react-aria-components";
import { geneKey } from "../../data/keys";
import { IconButton } from "../../ui/Button";
import { ColorByButton } from "../../ui/ColorByButton";
import { useInView } from "../../ui/useInView";
import { useTurn } from "../../ui/useTurn";
import { useColorBy, useViewer } from "../useViewer";
import { AxisButtons } from "./AxisButtons";
import { GeneCard } from "./GeneCard";
import { GeneBody, GeneMini } from "./GeneParts";
import styles from "./genes.module.css";

interface Props {
  gene: string;
  /** What was noted about it in the set that it stands in. */
  about?: string;
  /** Where it stands in a gene set: takes it out of that. */
  onRemove?(): void;
}

/** One gene: name, small histogram, facts, axes, remove, color; the whole histogram when open. */
export const GeneRow = memo(function GeneRow(props: Props) {
  const { gene } = props;
  const viewer = useViewer();
  const row = useRef<HTMLLIElement>(null);
  const seen = useInView(row); // a set may have hundreds
  const turn = useTurn(); // and many may come at once
  const [open, setOpen] = useState(false);
  const [active] = useColorBy({ kind: "gene", name: gene });
  const label = viewer.genes.label(gene);
  useEffect(() => (seen ? viewer.watch(geneKey(gene)) : undefined), [viewer, seen, gene]);
  return (
    <li ref={row} className={styles.gene} data-active={active} data-gene={gene}>
      {turn ? <Header {...props} label={label} open={open} onOpen={setOpen} /> : <Name label={label} />}
      {seen && <GeneBody gene={gene} label={label} open={open} />}
    </li>
  );
});

/** In the place of the header until that can be made. */
const Name = ({ label }: { label: string }) => (
  <div className={styles.header}>
    <span className={styles.title}>
      <span className={styles.chevron} />
      <span className={styles.symbol}>{label}</span>
    </span>
  </div>
);

interface HeaderProps extends Props {
  label: string;
  open: boolean;
  onOpen(open: boolean): void;
}

const Header = memo(function Header({ gene, about, onRemove, label, open, onOpen }: HeaderProps) {
  const viewer = useViewer();
  const [active, setActive] = useColorBy({ kind: "gene", name: gene });
  const remove = onRemove ?? (() => viewer.do({ type: "removeGene", gene }));
  return (
    <div className={styles.header}>
      <Button className={styles.title} aria-expanded={open} onPress={() => onOpen(!open)}>
        <ChevronRight className={styles.chevron} data-open={open} aria-hidden />
        <span
          className={styles.symbol}
          title={[label, label === gene ? null : gene, about].filter(Boolean).join("\n")}
        >
          {label}
        </span>
        <span className={styles.mini}>{!open && <GeneMini gene={gene} />}</span>
      </Button>
      <span className={styles.actions}>
        <DialogTrigger>
          <IconButton label={`About ${label}`} placement="left">
            <Info />
          </IconButton>
          <Popover className={styles.popover} placement="left top" offset={6}>
            <GeneCard gene={gene} about={about} />
          </Popover>
        </DialogTrigger>
        <IconButton label={`Remove ${label}`} placement="left" onPress={remove}>
          <X />
        </IconButton>
      </span>
      <AxisButtons gene={gene} label={label} />
      <ColorByButton name={label} active={active} onChange={setActive} />
    </div>
  );
});
