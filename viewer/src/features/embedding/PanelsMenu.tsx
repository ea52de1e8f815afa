import { Check, Columns2, Plus, Square } from "lucide-react";
import { obsKey } from "../../data/keys";
import { MAX_PANELS, NEW_PANEL } from "../../state/panels";
import { IconButton } from "../../ui/Button";
import { Menu, type MenuGroup } from "../../ui/Menu";
import { useApp, useView, useViewer } from "../useViewer";
import { splitPanels, splitSentence } from "./split";

/** Plots side by side: one more, one for each category, or only the first again. */
export function PanelsMenu() {
  const viewer = useViewer();
  const panels = useView((view) => view.panels);
  const linked = useView((view) => view.linkedCamera);
  const obs = useApp((state) => state.dataset?.obs);
  const columns = (obs ?? []).filter(({ kind }) => kind === "categorical" || kind === "boolean");
  const split = panels.find(({ only }) => only !== null)?.only?.column;

  const add = (): void => {
    const kept = panels.filter(({ only }) => only === null);
    viewer.do({ type: "setPanels", panels: [...kept, NEW_PANEL] });
  };
  const splitBy = (name: string): void => {
    const column = viewer.columns.get(obsKey(name));
    if (column?.kind !== "categorical") {
      viewer.columns.want(obsKey(name));
      viewer.notify(`The column “${name}” is still on its way: try again in a moment.`);
      return;
    }
    const made = splitPanels(name, column, viewer.counts.categories(name));
    viewer.do({ type: "setPanels", panels: made });
    const sentence = splitSentence(name, made.length, column);
    if (sentence) viewer.notify(sentence);
  };

  const groups: MenuGroup[] = [
    {
      title: "Panels",
      entries: [
        {
          id: "add",
          label: "Add a panel",
          icon: <Plus />,
          disabled: split === undefined && panels.length >= MAX_PANELS - 1,
          onSelect: add,
        },
        {
          id: "one",
          label: "Only the first panel",
          icon: <Square />,
          disabled: panels.length === 0,
          onSelect: () => viewer.do({ type: "setPanels", panels: [] }),
        },
        {
          id: "linked",
          label: linked ? "Panels move together" : "Panels move each on their own",
          icon: linked ? <Check /> : null,
          onSelect: () => viewer.do({ type: "linkCameras", linked: !linked }),
        },
      ],
    },
    {
      title: "One panel per category of",
      chosen: split ?? "",
      entries: columns.map(({ name }) => ({ id: name, label: name, onSelect: () => splitBy(name) })),
    },
  ];
  return (
    <Menu
      label="Panels"
      groups={groups.filter(({ entries }) => entries.length > 0)}
      trigger={
        <IconButton label="Panels">
          <Columns2 />
        </IconButton>
      }
    />
  );
}
