import { useEffect } from "react";
import { sourceKey } from "../../data/keys";
import type { SetSource } from "../../state/state";
import { Problem } from "../../ui/Problem";
import { Skeleton } from "../../ui/Skeleton";
import { RangeHistogram } from "../RangeHistogram";
import { useColumn, useViewer } from "../useViewer";
import styles from "./sets.module.css";

/** The histogram of a set's mean or score, with its brush. */
export function SetNumbers({ source }: { source: SetSource }) {
  const viewer = useViewer();
  const key = sourceKey(source);
  useEffect(() => viewer.watch(key), [viewer, key]);
  const { column, error, retry } = useColumn(key);
  const label = `${source.method === "mean" ? "Mean" : "Score"} of ${source.name}`;
  if (error !== null) return <Problem message={error} onRetry={retry} />;
  if (column?.kind !== "continuous") return <Skeleton height={98} />;
  return (
    <>
      <p className={styles.what}>{source.method === "mean" ? "Mean of its genes" : "Score of its genes"}</p>
      {column.max > column.min ? (
        <RangeHistogram source={source} label={label} column={column} />
      ) : (
        <p className={styles.description}>The same value in every cell.</p>
      )}
    </>
  );
}
