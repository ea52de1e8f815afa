import { Fragment } from "react";
import { Button } from "react-aria-components";
import { subject } from "../../state/filters";
import type { Filter, FilterGroup } from "../../state/state";
import { TextButton } from "../../ui/Button";
import { useApp, useView, useViewer } from "../useViewer";
import { Chip, FilterIcon } from "./Chip";
import { describeFilter } from "./describeFilter";
import styles from "./filters.module.css";
import { ClipChip, SubsetChips } from "./ScopeChips";
import { useCategoryNumbers } from "./useCategoryNumbers";

/** What is left out and filtered now, each removable: nothing filters unseen. */
export function FilterChips() {
  const viewer = useViewer();
  const filters = useView((view) => view.filters);
  const scoped = useView((view) => view.subset.length > 0 || view.clip[0] > 0 || view.clip[1] < 100);
  if (filters.length === 0 && !scoped) return null;

  return (
    <div className={styles.bar}>
      <ul className={styles.list} aria-label="Filters">
        <SubsetChips />
        <ClipChip />
        {filters.map((filter, index) => (
          <Fragment key={subject(filter)}>
            {index > 0 && (
              <li className={styles.joint}>
                <Button
                  className={styles.connector}
                  aria-label={`And; press for or: cells that pass either of the filters ${index} and ${index + 1}`}
                  onPress={() => viewer.do({ type: "joinFilters", index: index - 1 })}
                >
                  and
                </Button>
              </li>
            )}
            <FilterItem filter={filter} index={index} />
          </Fragment>
        ))}
      </ul>
      {filters.length > 1 && (
        <span className={styles.clear}>
          <TextButton look="link" onPress={() => viewer.do({ type: "clearFilters" })}>
            Clear all
          </TextButton>
        </span>
      )}
    </div>
  );
}

const isOpen = (filter: Filter): filter is FilterGroup =>
  filter.kind === "group" && filter.name === undefined && filter.filters.length > 0;

function FilterItem({ filter, index }: { filter: Filter; index: number }) {
  const viewer = useViewer();
  if (!isOpen(filter)) {
    return (
      <li>
        <FilterChip filter={filter} index={index} />
      </li>
    );
  }
  const several = filter.filters.length > 1;
  return (
    <li className={styles.together} data-not={filter.not}>
      {filter.not && (
        <Button
          className={styles.connector}
          aria-label={`Not; press to keep the cells that ${several ? "these filters" : "this filter"} keeps`}
          onPress={() => viewer.do({ type: "negateFilter", index })}
        >
          not
        </Button>
      )}
      {filter.filters.map((inner, within) => (
        <Fragment key={subject(inner)}>
          {within > 0 && <GroupConnector group={filter} index={index} />}
          <FilterChip filter={inner} index={index} within={within} />
        </Fragment>
      ))}
    </li>
  );
}

function GroupConnector({ group: { op, not }, index }: { group: FilterGroup; index: number }) {
  const viewer = useViewer();
  const word = op === "any" ? "or" : "and";
  if (not || op === "all") return <span className={styles.word}>{word}</span>;
  return (
    <Button
      className={styles.connector}
      aria-label="Or; press for and: cells that pass all of these filters"
      onPress={() => viewer.do({ type: "splitGroup", index })}
    >
      {word}
    </Button>
  );
}

function FilterChip({ filter, index, within }: { filter: Filter; index: number; within?: number }) {
  const viewer = useViewer();
  const dataset = useApp((state) => state.dataset);
  const embedding = useView((view) => view.embedding) ?? dataset?.defaultEmbedding ?? null;
  const categories = useCategoryNumbers();
  const at = within === undefined ? { index } : { index, within };
  const remove = () => viewer.do({ type: "removeFilter", ...at });
  return (
    <Chip
      text={describeFilter(filter, embedding, categories)}
      icon={<FilterIcon filter={filter} />}
      entries={[
        {
          id: "invert",
          label: "Keep the other cells",
          onSelect: () => viewer.do({ type: "negateFilter", ...at }),
        },
        { id: "remove", label: "Remove", onSelect: remove },
      ]}
      onRemove={remove}
    />
  );
}
