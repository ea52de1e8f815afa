import type { ReactNode } from "react";
import { awaitedEntry, Menu } from "../../ui/Menu";
import { useApp, useView, useViewer } from "../useViewer";
import { useRankings } from "./useRankings";

/** Each category of a column against all other cells; and what scanpy has ranked already. */
export function MarkersMenu({ trigger }: { trigger: ReactNode }) {
  const viewer = useViewer();
  const { method, layer } = useView((view) => view.comparing);
  const dataset = useApp((state) => state.dataset);
  const { found: rankings, error, retry } = useRankings();
  const columns = (dataset?.obs ?? []).filter(
    ({ kind, categories }) => (kind === "categorical" || kind === "boolean") && categories?.length !== 1,
  );
  const open = (): void => viewer.do({ type: "setDock", tab: "compare" });
  const groups = [
    {
      title: "Markers of every category of",
      entries: columns.map(({ name }) => ({
        id: `markers/${name}`,
        label: name,
        onSelect: () => {
          const comparison = {
            kind: "markers",
            name: `Markers of ${name}`,
            column: name,
            method,
            layer,
          } as const;
          viewer.do({ type: "addComparison", comparison });
          open();
        },
      })),
    },
    {
      title: "Ranked with scanpy, in uns",
      entries: rankings
        ? rankings.map(({ key, column, method: theirs }) => ({
            id: `ranking/${key}`,
            label: [key, [column, theirs].filter(Boolean).join(", ")].filter(Boolean).join(": "),
            onSelect: () => {
              viewer.do({ type: "addComparison", comparison: { kind: "ranking", name: key, key } });
              open();
            },
          }))
        : [awaitedEntry("rankings", "Loading what is ranked…", error, retry)],
    },
  ];
  return (
    <Menu label="Markers" trigger={trigger} groups={groups.filter(({ entries }) => entries.length > 0)} />
  );
}
