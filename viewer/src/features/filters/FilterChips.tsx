import { Lasso, SquareDashed, X } from "lucide-react";
import { Button, Tag, TagGroup, TagList } from "react-aria-components";
import { obsKey } from "../../data/keys";
import { subject } from "../../state/filters";
import type { Filter } from "../../state/state";
import { TextButton } from "../../ui/Button";
import { classNames } from "../../ui/classNames";
import { useApp, useView, useViewer } from "../useViewer";
import { describeFilter } from "./describeFilter";
import styles from "./filters.module.css";

/** What is filtered now, each removable: nothing filters unseen. */
export function FilterChips() {
  const viewer = useViewer();
  const filters = useView((view) => view.filters);
  const dataset = useApp((state) => state.dataset);
  const embedding = useView((view) => view.embedding) ?? dataset?.defaultEmbedding ?? null;
  if (filters.length === 0) return null;

  const categories = (column: string): number | undefined => {
    const loaded = viewer.columns.get(obsKey(column));
    if (loaded?.kind === "categorical") return loaded.categories.length + (loaded.missing > 0 ? 1 : 0);
    return dataset?.obs.find(({ name }) => name === column)?.categories?.length;
  };
  const remove = (keys: Iterable<unknown>): void => {
    for (const key of keys) {
      const now = viewer.store.getState().view.filters;
      viewer.do({ type: "removeFilter", index: now.findIndex((filter) => subject(filter) === key) });
    }
  };

  return (
    <div className={styles.bar}>
      <TagGroup aria-label="Filters" onRemove={remove} className={styles.group}>
        <TagList className={styles.list}>
          {filters.map((filter) => {
            const { about, detail, italic } = describeFilter(filter, embedding, categories);
            const name = `${about} ${detail}`.trim();
            const id = subject(filter); // stays while the filter changes and others come and go
            return (
              <Tag key={id} id={id} textValue={name} className={styles.chip}>
                <ShapeIcon filter={filter} />
                <span className={styles.text} title={name}>
                  <span className={classNames(styles.subject, italic && styles.italic)}>{about}</span>
                  {detail && <span className={styles.detail}>{detail}</span>}
                </span>
                <Button slot="remove" className={styles.remove} aria-label={`Remove the filter ${name}`}>
                  <X />
                </Button>
              </Tag>
            );
          })}
        </TagList>
      </TagGroup>
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

function ShapeIcon({ filter }: { filter: Filter }) {
  if (filter.kind !== "region") return null;
  const lasso = filter.steps.some((step) => step.shape === "lasso");
  return lasso ? <Lasso className={styles.icon} /> : <SquareDashed className={styles.icon} />;
}
