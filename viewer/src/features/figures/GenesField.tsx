import { useId, useState } from "react";
import type { FigureGenes } from "../../state/figure";
import { useApp, useView, useViewer } from "../useViewer";
import { Box, Choice } from "./Field";
import styles from "./figures.module.css";

const SET = "set/";

/** Which genes: of the panel, of gene sets, or typed; and numeric columns beside them. */
export function GenesField({ unknown }: { unknown: readonly string[] }) {
  const viewer = useViewer();
  const genes = useView((view) => view.figure.genes);
  const inPanel = useView((view) => view.genes.length);
  const sets = useApp((state) => state.sets.list);
  const set = (changed: FigureGenes) => viewer.do({ type: "setFigure", changes: { genes: changed } });
  const all = sets.map(({ name }) => name);
  const value = genes.from !== "sets" ? genes.from : genes.names.length === 1 ? SET + genes.names[0] : "sets";
  const options = [
    { value: "panel", label: `Genes panel (${inPanel})` },
    ...(all.length > 1 ? [{ value: "sets", label: "All gene sets" }] : []),
    ...sets.map(({ name, genes: mine }) => ({ value: SET + name, label: `${name} (${mine.length})` })),
    { value: "list", label: "A list …" },
  ];
  return (
    <>
      <Choice
        label="Genes"
        value={value}
        options={options}
        onChange={(chosen) => {
          if (chosen === "panel") set({ from: "panel" });
          else if (chosen === "list") set({ from: "list", genes: genes.from === "list" ? genes.genes : [] });
          else set({ from: "sets", names: chosen === "sets" ? all : [chosen.slice(SET.length)] });
        }}
      />
      {genes.from === "list" && <List genes={genes.genes} unknown={unknown} />}
      <Columns />
    </>
  );
}

/** What was typed stays as it was typed; the figure has the genes that the dataset knows by it. */
function List({ genes, unknown }: { genes: string[]; unknown: readonly string[] }) {
  const viewer = useViewer();
  const id = useId();
  const [typed, setTyped] = useState(genes.join("\n"));
  const take = async (text: string) => {
    setTyped(text);
    await viewer.genes.load();
    const symbols = text.split(/[\s,;|]+/).filter(Boolean);
    const spelled = symbols.map((symbol) => viewer.genes.lookup(symbol) ?? symbol);
    viewer.do({ type: "setFigure", changes: { genes: { from: "list", genes: [...new Set(spelled)] } } });
  };
  return (
    <div className={styles.field}>
      <label htmlFor={id}>List of genes</label>
      <textarea
        id={id}
        rows={3}
        spellCheck={false}
        placeholder="CD3D, LYZ, …"
        value={typed}
        onChange={(event) => void take(event.target.value)}
      />
      {unknown.length > 0 && <small className={styles.problem}>{unknown.length} not found</small>}
    </div>
  );
}

function Columns() {
  const viewer = useViewer();
  const chosen = useView((view) => view.figure.columns);
  const obs = useApp((state) => state.dataset?.obs ?? NONE);
  const numeric = obs.filter(({ kind }) => kind === "continuous").map(({ name }) => name);
  if (numeric.length === 0) return null;
  return (
    <details className={styles.columns}>
      <summary>Numeric columns{chosen.length > 0 ? ` (${chosen.length})` : ""}</summary>
      {numeric.map((name) => (
        <Box
          key={name}
          checked={chosen.includes(name)}
          onChange={(on) => {
            const columns = on ? [...chosen, name] : chosen.filter((other) => other !== name);
            viewer.do({ type: "setFigure", changes: { columns } });
          }}
        >
          {name}
        </Box>
      ))}
    </details>
  );
}

const NONE: never[] = [];
