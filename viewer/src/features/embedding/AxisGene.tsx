import { useMemo, useState } from "react";
import { Suggest } from "../../ui/Suggest";
import { useGeneNames } from "../useGenes";
import { useView, useViewer } from "../useViewer";
import styles from "./scatter.module.css";

const SHOWN = 40;

/** Which gene is on an axis; typing finds another. */
export function AxisGene({ axis, gene }: { axis: "x" | "y"; gene: string | null }) {
  const viewer = useViewer();
  const { genes, awaited } = useGeneNames();
  const rows = useView((view) => view.genes);
  const [text, setText] = useState("");
  // biome-ignore lint/correctness/useExhaustiveDependencies: the genes may come while one types
  const sections = useMemo(() => {
    const item = (name: string) => ({ key: name, label: genes.label(name), italic: true });
    if (text.trim() === "") return rows.length > 0 ? [{ title: "In the list", items: rows.map(item) }] : [];
    const found = genes.search(text, SHOWN).map((match) => item(match.gene));
    return found.length > 0 ? [{ title: "Genes", items: found }] : [];
  }, [genes, genes.ready, rows, text]);
  const choose = (chosen: string): void => {
    setText("");
    viewer.do({ type: "setScatter", axis, gene: chosen });
  };
  return (
    <Suggest
      label={`Gene on the ${axis} axis`}
      placeholder={gene === null ? "Choose a gene…" : genes.label(gene)}
      icon={<span className={styles.axisName}>{axis}</span>}
      text={text}
      sections={sections}
      empty={`No gene matches “${text.trim()}”.`}
      awaited={awaited}
      onText={setText}
      onChoose={choose}
    />
  );
}
