import { Columns2, Ellipsis, X } from "lucide-react";
import { useState } from "react";
import { copyText } from "../../lib/clipboard";
import { formatCount } from "../../lib/format";
import { type Comparison, MOST_SHOWN } from "../../state/comparing";
import { IconButton } from "../../ui/Button";
import { Menu } from "../../ui/Menu";
import { useApp, useView, useViewer } from "../useViewer";
import { codeOf } from "./code";
import styles from "./compare.module.css";
import { comparisonWords } from "./words";

/** The line above a result: what was compared, under a name that can be changed, and what can be done with it. */
export function ResultHead({ comparison }: { comparison: Comparison }) {
  const viewer = useViewer();
  const comparisons = useView((view) => view.comparisons);
  const shown = useView((view) => view.comparing.shown);
  useApp((state) => state.runs); // the sizes come with the result
  const cells = viewer.comparisons.result(comparison)?.cells;
  const [renaming, setRenaming] = useState(false);
  const { name } = comparison;
  const show = (names: string[]): void => viewer.do({ type: "setComparing", changes: { shown: names } });
  const others = comparisons.filter((each) => !shown.includes(each.name));

  return (
    <header className={styles.resultHead}>
      {renaming ? (
        <Rename comparison={comparison} onDone={() => setRenaming(false)} />
      ) : (
        <h3 className={styles.resultName} title={name} onDoubleClick={() => setRenaming(true)}>
          {name}
        </h3>
      )}
      <p className={styles.resultWords}>
        {cells && (
          <>
            <b>{formatCount(cells.a)}</b> cells against <b>{formatCount(cells.b)}</b> ·{" "}
          </>
        )}
        {comparisonWords(comparison)}
      </p>
      {others.length > 0 && (
        <Menu
          label="Show beside it"
          trigger={
            <IconButton label="Show another comparison beside it">
              <Columns2 />
            </IconButton>
          }
          groups={[
            {
              title: "Beside it",
              entries: others.map((each) => ({
                id: each.name,
                label: each.name,
                onSelect: () =>
                  show([...shown.filter((n) => n === name || shown.length < MOST_SHOWN), each.name]),
              })),
            },
          ]}
        />
      )}
      <Menu
        label={`More about ${name}`}
        trigger={
          <IconButton label="More about this comparison">
            <Ellipsis />
          </IconButton>
        }
        groups={[
          {
            entries: [
              {
                id: "code",
                label: "Copy as code",
                onSelect: () => {
                  void copyText(codeOf(comparison)).then((copied) =>
                    viewer.notify(
                      copied
                        ? "Copied: Python that repeats this with scanpy."
                        : "The browser did not allow copying.",
                    ),
                  );
                },
              },
              { id: "rename", label: "Rename", onSelect: () => setRenaming(true) },
              {
                id: "remove",
                label: "Remove",
                onSelect: () => viewer.do({ type: "removeComparison", name }),
              },
            ],
          },
        ]}
      />
      {shown.length > 1 && (
        <IconButton label={`Hide ${name}`} onPress={() => show(shown.filter((each) => each !== name))}>
          <X />
        </IconButton>
      )}
    </header>
  );
}

function Rename({ comparison, onDone }: { comparison: Comparison; onDone(): void }) {
  const viewer = useViewer();
  const [text, setText] = useState(comparison.name);
  const commit = (): void => {
    viewer.do({ type: "renameComparison", name: comparison.name, to: text });
    onDone();
  };
  return (
    <input
      className={styles.rename}
      aria-label="Name of the comparison"
      // biome-ignore lint/a11y/noAutofocus: it stands where the name was that one asked to change
      autoFocus
      value={text}
      maxLength={200}
      onChange={(event) => setText(event.target.value)}
      onFocus={(event) => event.target.select()}
      onBlur={commit}
      onKeyDown={(event) => {
        if (event.key === "Enter") commit();
        if (event.key === "Escape") {
          event.stopPropagation();
          onDone();
        }
      }}
    />
  );
}
