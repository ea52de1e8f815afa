import { Dna, Hash, Tag, Tags } from "lucide-react";
import { type Ref, useCallback, useEffect, useMemo, useRef, useState } from "react";
import { obsKey } from "../../data/keys";
import type { Action } from "../../state/actions";
import { Suggest, type SuggestionSection } from "../../ui/Suggest";
import { showGene } from "../showGene";
import { useGeneNames } from "../useGenes";
import { useApp, useTransientStore, useViewer } from "../useViewer";
import { type Findable, findables, nameOf } from "./findables";

const PREVIEW_DELAY = 120; // ms on one suggestion before its color is shown

interface Props {
  autoFocus?: boolean;
  inputRef?: Ref<HTMLInputElement>;
  /** Something was chosen, or Escape was pressed in the empty field. */
  onDone?(): void;
}

/** One place to find genes, columns and categories. Enter colors by the hit; the arrows preview. */
export function FindBox({ autoFocus, inputRef, onDone }: Props) {
  const viewer = useViewer();
  const transient = useTransientStore();
  const { genes, awaited } = useGeneNames();
  const dataset = useApp((state) => state.dataset);
  const [text, setText] = useState("");

  const found = useMemo(() => {
    if (!dataset) return [];
    return findables(text, dataset, genes, (column) => {
      const loaded = viewer.columns.get(obsKey(column));
      if (loaded?.kind === "categorical") return loaded.categories;
      return dataset.obs.find(({ name }) => name === column)?.categories;
    });
  }, [text, dataset, genes, genes.ready, viewer]);
  const byKey = useMemo(
    () => new Map(found.flatMap(({ items }) => items.map((item) => [keyOf(item), item] as const))),
    [found],
  );
  const sections = useMemo<SuggestionSection[]>(
    () => found.map(({ title, items }) => ({ title, items: items.map(asSuggestion) })),
    [found],
  );

  const timer = useRef(0);
  const stopPreview = useCallback(() => {
    window.clearTimeout(timer.current);
    viewer.preview(null);
    transient.setState({ highlight: null });
  }, [viewer, transient]);
  useEffect(() => stopPreview, [stopPreview]);

  const onFocused = useCallback(
    (key: string | null) => {
      const item = key === null ? undefined : byKey.get(key);
      if (!item) return stopPreview();
      window.clearTimeout(timer.current);
      timer.current = window.setTimeout(() => {
        viewer.preview(colorAction(item));
        transient.setState({ highlight: item.kind === "category" ? item : null });
      }, PREVIEW_DELAY);
    },
    [byKey, viewer, transient, stopPreview],
  );

  const onChoose = (key: string): void => {
    const item = byKey.get(key);
    stopPreview();
    setText("");
    if (!item) return;
    if (item.kind === "gene") showGene(viewer, item.name);
    else {
      viewer.do(colorAction(item));
      // the list of a column's categories is the legend
      const column = item.kind === "category" ? item.column : item.name;
      if (dataset?.obs.find(({ name }) => name === column)?.kind !== "continuous") {
        viewer.do({ type: "setExpanded", column, open: true });
      }
    }
    onDone?.();
  };

  return (
    <Suggest
      label="Find a gene, column or category"
      placeholder="Find a gene, column or category"
      shortcut="/"
      hint="Enter colors by it"
      text={text}
      sections={sections}
      empty={`Nothing matches “${text.trim()}”.`}
      awaited={awaited}
      autoFocus={autoFocus}
      inputRef={inputRef}
      onText={setText}
      onChoose={onChoose}
      onFocused={onFocused}
      onEscape={onDone}
    />
  );
}

function colorAction(item: Findable): Action {
  if (item.kind === "gene") return { type: "colorBy", color: { kind: "gene", name: item.name } };
  const name = item.kind === "category" ? item.column : item.name;
  return { type: "colorBy", color: { kind: "obs", name } };
}

const keyOf = (item: Findable): string =>
  item.kind === "category" ? `category:${item.column}:${item.value}` : `${item.kind}:${item.name}`;

function asSuggestion(item: Findable) {
  const base = { key: keyOf(item), label: nameOf(item) };
  if (item.kind === "gene") return { ...base, icon: <Dna />, italic: true };
  if (item.kind === "category") return { ...base, icon: <Tag />, detail: item.column };
  return { ...base, icon: item.detail === "numbers" ? <Hash /> : <Tags />, detail: item.detail };
}
