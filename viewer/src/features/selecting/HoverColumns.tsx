import { TickBox } from "../../ui/TickBox";
import { sameColor, useApp, useView, useViewer } from "../useViewer";
import styles from "./look.module.css";

/** Which columns, and which genes of the list, the card of a cell shows. */
export function HoverColumns() {
  const viewer = useViewer();
  const chosen = useView((view) => view.hoverColumns);
  const genes = useView((view) => view.genes);
  const obs = useApp((state) => state.dataset?.obs);
  const all = [
    ...(obs ?? [])
      .filter(({ kind }) => kind !== "string")
      .map(({ name }) => ({ kind: "obs", name }) as const),
    ...genes.map((name) => ({ kind: "gene", name }) as const),
  ];
  const has = (by: (typeof all)[number]) => chosen.some((other) => sameColor(other, by));
  if (all.length === 0) return null;
  return (
    <section className={styles.section} aria-label="Shown for the cell under the pointer">
      <h3 className={styles.title}>Shown for the cell under the pointer</h3>
      <ul className={styles.columns}>
        {all.map((by) => (
          <li key={`${by.kind}/${by.name}`}>
            <TickBox
              label={by.name}
              state={has(by) ? "all" : "none"}
              onChange={() =>
                viewer.do({
                  type: "setHoverColumns",
                  columns: has(by) ? chosen.filter((other) => !sameColor(other, by)) : [...chosen, by],
                })
              }
            >
              <span className={styles.column} data-gene={by.kind === "gene"} title={by.name}>
                {by.name}
              </span>
            </TickBox>
          </li>
        ))}
      </ul>
    </section>
  );
}
