import { type ReactNode, useEffect, useMemo } from "react";
import { obsKey } from "../../data/keys";
import { formatCount, formatDay, formatNumber } from "../../lib/format";
import type { DatasetInfo, FactsDoc, Viewer } from "../../state/viewer";
import { Problem } from "../../ui/Problem";
import { Skeleton } from "../../ui/Skeleton";
import { type Asked, useAsked } from "../useAsked";
import { useApp, useView, useViewer } from "../useViewer";
import styles from "./info.module.css";
import { NameList } from "./NameList";

/** What the dataset is: its size, what it holds, what it says of itself, and by what it is shown. */
export default function InfoSheet() {
  const viewer = useViewer();
  const dataset = useApp((state) => state.dataset);
  const ask = useMemo(() => () => viewer.facts(), [viewer]);
  const facts = useAsked(ask);
  if (!dataset) return <Skeleton height={160} />;
  return (
    <>
      <p className={styles.size}>
        <b>{formatCount(dataset.nObs)}</b> {dataset.nObs === 1 ? "cell" : "cells"} ×{" "}
        <b>{formatCount(dataset.nVar)}</b> {dataset.nVar === 1 ? "gene" : "genes"}
      </p>
      <Part title="What it holds">
        <Fact name="Embeddings">
          <NameList names={dataset.embeddings.map((name) => placedIn(dataset, name))} />
        </Fact>
        <Fact name="Expression">
          <NameList names={dataset.layers} />
        </Fact>
        <Fact name="Columns of cells">
          <NameList names={dataset.obs.map(({ name }) => name)} />
        </Fact>
        <Fact name="Columns of genes">
          <NameList names={dataset.varColumns.map(({ name }) => name)} />
        </Fact>
      </Part>
      <InEveryCell viewer={viewer} dataset={dataset} />
      <Told facts={facts} />
      {dataset.leftOut.length > 0 && (
        <Part title="Not shown">
          {dataset.leftOut.map(({ where, reason }) => (
            <Fact key={where} name={where}>
              {reason}
            </Fact>
          ))}
        </Part>
      )}
      <Part title="As it is shown">
        {dataset.about !== null && (
          <Fact name="More about it">
            <a href={dataset.about} target="_blank" rel="noopener noreferrer">
              {dataset.about}
            </a>
          </Fact>
        )}
        <Published day={facts.found?.published} />
        <Fact name="Shown by">{dataset.engine}</Fact>
      </Part>
    </>
  );
}

function placedIn({ nObs, missing }: DatasetInfo, embedding: string): string {
  const left = missing[embedding] ?? 0;
  return left > 0 ? `${embedding} (${formatCount(nObs - left)} cells)` : embedding;
}

/** What uns says. */
function Told({ facts: { found, error, retry } }: { facts: Asked<FactsDoc> }) {
  const title = "What it says of itself";
  if (error !== null) return <Part title={title} instead={<Problem message={error} onRetry={retry} />} />;
  if (found === null) return <Part title={title} instead={<Skeleton height={36} />} />;
  if (found.facts.length === 0) {
    const nothing = (
      <p className={styles.quiet}>
        Nothing. Single values in <code>adata.uns</code>, such as a title or an organism, would stand here.
      </p>
    );
    return <Part title={title} instead={nothing} />;
  }
  return (
    <Part title={title}>
      {inOrder(found.facts).map(({ name, value }) => (
        <Fact key={name} name={name}>
          <bdi>{value}</bdi>
        </Fact>
      ))}
    </Part>
  );
}

const FIRST = ["title", "description", "organism"]; // what one looks for

const inOrder = (facts: FactsDoc["facts"]): FactsDoc["facts"] => [
  ...FIRST.flatMap((first) => facts.filter(({ name }) => name === first)),
  ...facts.filter(({ name }) => !FIRST.includes(name)),
];

function Published({ day }: { day: string | undefined }) {
  const revision = useView((view) => view.revision);
  return (
    <Fact name="Published">
      {day !== undefined && <>{formatDay(day)}, </>}revision {formatCount(revision)}
    </Fact>
  );
}

/** Columns that say the same of every cell; numbers as far as they are loaded. */
function InEveryCell({ viewer, dataset }: { viewer: Viewer; dataset: DatasetInfo }) {
  useApp((state) => state.columns); // they come one by one
  useEffect(() => {
    for (const { name, categories } of dataset.obs) {
      if (categories?.length === 1) viewer.columns.want(obsKey(name)); // unless some cells have none
    }
  }, [viewer, dataset]);
  const common = inAllCells(viewer, dataset);
  if (common.length === 0) return null;
  return (
    <Part title="The same in every cell">
      {common.map(([name, value]) => (
        <Fact key={name} name={name}>
          <bdi>{value}</bdi>
        </Fact>
      ))}
    </Part>
  );
}

function inAllCells(viewer: Viewer, { obs }: DatasetInfo): [name: string, value: string][] {
  return obs.flatMap(({ name }): [string, string][] => {
    const column = viewer.columns.get(obsKey(name));
    if (!column || column.missing > 0) return [];
    if (column.kind === "categorical") {
      return column.categories.length === 1 ? [[name, column.categories[0]!]] : [];
    }
    return column.kind === "continuous" && column.min === column.max
      ? [[name, formatNumber(column.min)]]
      : [];
  });
}

interface PartProps {
  title: string;
  /** Facts have not come, or there are none. */
  instead?: ReactNode;
  children?: ReactNode;
}

function Part({ title, instead, children }: PartProps) {
  return (
    <section className={styles.part} aria-label={title}>
      <h3>{title}</h3>
      {instead ?? <dl>{children}</dl>}
    </section>
  );
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div className={styles.fact}>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}
