import { Search } from "lucide-react";
import { useMemo, useState } from "react";
import {
  Autocomplete,
  Collection,
  Header,
  Input,
  ListBox,
  ListBoxItem,
  ListBoxSection,
  SearchField,
} from "react-aria-components";
import { formatCount } from "../../lib/format";
import type { CellGroup } from "../../state/comparing";
import styles from "./compare.module.css";
import { type Pick, useGroupPicks } from "./useGroupPicks";

interface Props {
  side: "a" | "b";
  /** null: all other cells. */
  onChoose(group: CellGroup | null): void;
}

/** The list of what can be a group, searchable: the selection, named selections, every category. */
export function GroupPicker({ side, onChoose }: Props) {
  const [text, setText] = useState("");
  const { sections, groupOf } = useGroupPicks(side, text);
  const disabled = useMemo(
    () => sections.flatMap(({ picks }) => picks.filter((pick) => pick.disabled).map(({ id }) => id)),
    [sections],
  );
  return (
    <Autocomplete inputValue={text} onInputChange={setText}>
      <SearchField className={styles.search} aria-label="Find a category" autoFocus>
        <Search aria-hidden />
        <Input className={styles.searchInput} placeholder="Find a category…" />
      </SearchField>
      <ListBox
        className={styles.picks}
        aria-label="Cells"
        items={sections}
        selectionMode="none"
        disabledKeys={disabled}
        onAction={(id) => {
          const group = groupOf(String(id));
          if (group !== undefined) onChoose(group);
        }}
        renderEmptyState={() => <p className={styles.quiet}>No category is called “{text.trim()}”.</p>}
      >
        {(section) => (
          <ListBoxSection id={`section:${section.title}`}>
            <Header className={styles.pickTitle}>{section.title}</Header>
            <Collection items={section.picks}>{(pick) => <Row pick={pick} />}</Collection>
          </ListBoxSection>
        )}
      </ListBox>
    </Autocomplete>
  );
}

function Row({ pick }: { pick: Pick }) {
  return (
    <ListBoxItem id={pick.id} textValue={pick.label} className={styles.pick}>
      <span className={styles.pickLabel}>{pick.label}</span>
      {pick.count !== null && <span className={styles.count}>{formatCount(pick.count)}</span>}
    </ListBoxItem>
  );
}
