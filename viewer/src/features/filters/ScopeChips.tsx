import { PieChart, Scissors } from "lucide-react";
import { formatCount, formatNumber } from "../../lib/format";
import { useApp, useView, useViewer } from "../useViewer";
import { Chip } from "./Chip";
import { filterText } from "./describeFilter";
import styles from "./filters.module.css";
import { useCategoryNumbers } from "./useCategoryNumbers";

/** The subset: one chip for each time that cells were set aside. */
export function SubsetChips() {
  const viewer = useViewer();
  const subset = useView((view) => view.subset);
  const { inside, total } = useApp((state) => state.tally);
  const embedding = useView((view) => view.embedding);
  const categories = useCategoryNumbers();
  const last = subset.length - 1;
  return subset.map((level, i) => {
    const about = level.map((filter) => filterText(filter, embedding, categories)).join(" and ");
    const counts = `${formatCount(inside)} of ${formatCount(total)} cells`;
    const later = last - i;
    const reset = () => viewer.do({ type: "resetSubset", levels: later + 1 });
    return (
      // biome-ignore lint/suspicious/noArrayIndexKey: a level is what it is by its place
      <li key={i}>
        <Chip
          text={{ about: `Subset: ${about}`, detail: i === last ? counts : "", italic: false }}
          icon={<PieChart className={styles.icon} />}
          entries={[
            {
              id: "reset",
              label: later > 0 ? "Back to before this and the later subsets" : "Back to before this subset",
              onSelect: reset,
            },
            { id: "all", label: "Back to all cells", onSelect: () => viewer.do({ type: "resetSubset" }) },
          ]}
          onRemove={reset}
        />
      </li>
    );
  });
}

/** That numbers are clipped, in all columns. */
export function ClipChip() {
  const viewer = useViewer();
  const [low, high] = useView((view) => view.clip);
  if (low <= 0 && high >= 100) return null;
  const remove = () => viewer.do({ type: "setClip", low: 0, high: 100 });
  return (
    <li>
      <Chip
        text={{ about: "Clip", detail: `${formatNumber(low)} – ${formatNumber(high)} %`, italic: false }}
        icon={<Scissors className={styles.icon} />}
        entries={[{ id: "remove", label: "Show all values", onSelect: remove }]}
        onRemove={remove}
      />
    </li>
  );
}
