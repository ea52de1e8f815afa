import { Plus } from "lucide-react";
import { useMemo, useState } from "react";
import type { GeneIndex } from "../../state/viewer";
import { Suggest } from "../../ui/Suggest";
import { showGene } from "../showGene";
import { useGeneNames } from "../useGenes";
import { useView, useViewer } from "../useViewer";
import { resolveGenes, splitGenes, unknownSentence } from "./geneList";

const SHOWN = 40;

/** The field that adds genes: one by typing, many by pasting a list. */
export function AddGenes() {
  const viewer = useViewer();
  const { genes, awaited } = useGeneNames();
  const [text, setText] = useState("");
  const present = useView((view) => view.genes);
  const sections = useMemo(() => {
    const matches = genes.search(text, SHOWN);
    if (matches.length === 0) return [];
    const items = matches.map(({ gene }) => ({
      key: gene,
      label: genes.label(gene),
      italic: true,
      detail: present.includes(gene) ? "in the list" : secondName(genes, gene),
    }));
    return [{ title: "Genes", items }];
  }, [genes, genes.ready, text, present]);

  const choose = (gene: string): void => {
    setText("");
    showGene(viewer, gene);
  };

  const addMany = (pasted: string): boolean => {
    const symbols = splitGenes(pasted);
    if (symbols.length < 2) return false;
    void viewer.genes.load().then(
      () => {
        const parsed = resolveGenes(symbols, viewer.genes);
        if (parsed.found.length > 0) viewer.do({ type: "addGenes", genes: parsed.found });
        const sentence = unknownSentence(parsed);
        if (sentence) viewer.notify(sentence);
        setText(parsed.unknown.join(", ")); // stays, to be corrected
      },
      (error: Error) => {
        viewer.notify(error.message);
        setText(pasted);
      },
    );
    setText("");
    return true;
  };

  return (
    <Suggest
      label="Add genes"
      placeholder="Add genes…"
      icon={<Plus />}
      text={text}
      sections={sections}
      empty={emptyText(text)}
      awaited={awaited}
      onText={setText}
      onChoose={choose}
      onPasted={addMany}
      onSubmit={(list) => addMany(list)}
    />
  );
}

/** The name that the label does not say. */
function secondName(genes: GeneIndex, gene: string): string | undefined {
  return genes.label(gene) === gene ? genes.other(gene) : gene;
}

function emptyText(text: string): string {
  return splitGenes(text).length > 1
    ? "Enter adds those that there are."
    : `No gene matches “${text.trim()}”.`;
}
