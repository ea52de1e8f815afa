import { useMemo } from "react";
import { Dialog, Heading } from "react-aria-components";
import { geneKey } from "../../data/keys";
import { formatNumber } from "../../lib/format";
import { TextButton } from "../../ui/Button";
import { Problem } from "../../ui/Problem";
import { Skeleton } from "../../ui/Skeleton";
import { useAsked } from "../useAsked";
import { useApp, useColumn, useCounts, useView, useViewer } from "../useViewer";
import { expressionFacts } from "./geneFacts";
import styles from "./genes.module.css";

interface Props {
  gene: string;
  about: string | undefined;
}

/** What the dataset itself knows about a gene; nothing is asked elsewhere. */
export function GeneCard({ gene, about }: Props) {
  const viewer = useViewer();
  const { column: loaded } = useColumn(geneKey(gene));
  const column = loaded?.kind === "continuous" ? loaded : undefined;
  const counts = useCounts();
  const filtered = useView((view) => view.filters.length > 0);
  const sets = useApp((state) => state.sets.list);
  const ask = useMemo(() => () => viewer.genes.facts(gene), [viewer, gene]);
  const { found: noted, error, retry } = useAsked(ask); // the gene's values in the columns of var
  const other = viewer.genes.other(gene);
  const all = useMemo(() => column && expressionFacts(column.values), [column]);
  const some = useMemo(
    () => (column && filtered ? expressionFacts(column.values, counts.selected()) : undefined),
    [column, filtered, counts],
  );
  const within = sets.filter((set) => set.genes.includes(gene)).map(({ name }) => name);
  const percent = (share: number): string => `${formatNumber(Math.round(1000 * share) / 10)} %`;

  return (
    <Dialog className={styles.card} aria-label={`About ${gene}`}>
      <Heading slot="title" className={styles.cardTitle}>
        {viewer.genes.label(gene)}
      </Heading>
      {about && <p>{about}</p>}
      <dl className={styles.facts}>
        {other !== undefined && (
          <>
            <dt>{other === viewer.genes.label(gene) ? "Id" : "Also"}</dt>
            <dd>{other === viewer.genes.label(gene) ? gene : other}</dd>
          </>
        )}
        {all && (
          <>
            <dt>Not zero in</dt>
            <dd>
              {percent(all.fraction)} of cells{some && `, ${percent(some.fraction)} of the selected`}
            </dd>
            <dt>Mean</dt>
            <dd>
              {formatNumber(all.mean)}
              {some && `, ${formatNumber(some.mean)} in the selected`}
            </dd>
            <dt>Largest</dt>
            <dd>{formatNumber(all.max)}</dd>
          </>
        )}
        {noted
          ?.filter(([, value]) => value !== other)
          .map(([name, value]) => (
            <Fact key={name} name={name} value={value} />
          ))}
        {within.length > 0 && <Fact name="In the sets" value={within.join(", ")} />}
      </dl>
      {error !== null ? (
        <Problem message={error} onRetry={retry} />
      ) : (
        noted === null && <Skeleton height={54} />
      )}
      <TextButton
        look="link"
        onPress={() => void navigator.clipboard?.writeText(gene).catch(() => undefined)}
      >
        Copy name
      </TextButton>
    </Dialog>
  );
}

function Fact({ name, value }: { name: string; value: string }) {
  return (
    <>
      <dt>{name}</dt>
      <dd>{value}</dd>
    </>
  );
}
