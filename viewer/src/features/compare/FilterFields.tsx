import { ChevronDown, Search } from "lucide-react";
import { useEffect, useState } from "react";
import { Button } from "react-aria-components";
import type { Results } from "../../state/viewer";
import { Menu } from "../../ui/Menu";
import { parseTyped } from "../../ui/RangeFields";
import styles from "./compare.module.css";
import { changeOf, directions, type RowFilter } from "./rows";

interface Props {
  results: Results;
  filter: RowFilter;
  onChange(filter: RowFilter): void;
}

const DIRECTIONS = { both: "Up and down", up: "Higher in A", down: "Lower in A" } as const;

/** What narrows a table: a name, a direction, how large a change, how small a p. */
export function FilterFields({ results, filter, onChange }: Props) {
  const set = (changes: Partial<RowFilter>): void => onChange({ ...filter, ...changes });
  const { groups, numbers } = results;
  return (
    <>
      <label className={styles.find}>
        <Search aria-hidden />
        <input
          aria-label="Find genes in the table"
          placeholder="Gene…"
          value={filter.text}
          spellCheck={false}
          onChange={(event) => set({ text: event.target.value })}
          onKeyDown={(event) => {
            if (event.key !== "Escape" || filter.text === "") return;
            event.stopPropagation();
            set({ text: "" });
          }}
        />
      </label>
      {groups && (
        <Choice
          label="Category"
          chosen={String(filter.group ?? "all")}
          options={{
            all: "All categories",
            ...Object.fromEntries(groups.names.map((name, i) => [String(i), name])),
          }}
          onChoose={(id) => set({ group: id === "all" ? null : Number(id) })}
        />
      )}
      {directions(results) && (
        <Choice
          label="Direction"
          chosen={filter.direction}
          options={DIRECTIONS}
          onChoose={(id) => set({ direction: id as RowFilter["direction"] })}
        />
      )}
      {changeOf(results) && (
        <Threshold
          label={numbers.log2_fold_change ? "|log₂FC| ≥" : "|Δ mean| ≥"}
          name="Smallest change"
          value={filter.change}
          none={0}
          valid={(value) => value >= 0}
          onChange={(change) => set({ change })}
        />
      )}
      {numbers.p_adjusted && (
        <Threshold
          label="p adj. ≤"
          name="Largest adjusted p"
          value={filter.p}
          none={1}
          valid={(value) => value >= 0 && value <= 1}
          onChange={(p) => set({ p })}
        />
      )}
    </>
  );
}

interface ChoiceProps {
  label: string;
  chosen: string;
  options: Record<string, string>;
  onChoose(id: string): void;
}

function Choice({ label, chosen, options, onChoose }: ChoiceProps) {
  return (
    <Menu
      label={label}
      trigger={
        <Button className={styles.select} aria-label={`${label}: ${options[chosen]}`}>
          <span className={styles.selectText}>{options[chosen]}</span> <ChevronDown aria-hidden />
        </Button>
      }
      groups={[
        {
          chosen,
          entries: Object.entries(options).map(([id, text]) => ({
            id,
            label: text,
            onSelect: () => onChoose(id),
          })),
        },
      ]}
    />
  );
}

interface ThresholdProps {
  label: string;
  name: string;
  value: number;
  /** What lets everything pass; shown as an empty field. */
  none: number;
  valid(value: number): boolean;
  onChange(value: number): void;
}

function Threshold({ label, name, value, none, valid, onChange }: ThresholdProps) {
  const shown = value === none ? "" : String(value);
  const [text, setText] = useState(shown);
  useEffect(() => setText(shown), [shown]);
  const typed = text.trim() === "" ? none : parseTyped(text);
  const wrong = !(Number.isFinite(typed) && valid(typed));
  return (
    <label className={styles.threshold}>
      {label}
      <input
        aria-label={name}
        aria-invalid={wrong}
        title={wrong ? "A number is needed here: it does not count until then." : undefined}
        inputMode="decimal"
        placeholder={none === 0 ? "0" : "1"}
        value={text}
        onChange={(event) => {
          setText(event.target.value);
          const next = event.target.value.trim() === "" ? none : parseTyped(event.target.value);
          // While "0." is typed, nothing changes and the text stays.
          if (Number.isFinite(next) && valid(next) && next !== value) onChange(next);
        }}
      />
    </label>
  );
}
