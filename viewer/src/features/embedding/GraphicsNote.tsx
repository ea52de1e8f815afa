import { useEffect, useState } from "react";
import { type Graphics, graphics } from "../../gpu";
import styles from "./pointsMenu.module.css";

const TEXT: Record<Graphics, string> = {
  gpu: "Drawn by the graphics card.",
  software: "Drawn by the processor: no graphics card was found.",
  none: "Drawn by the processor: this browser has no WebGL2.",
};

/** Who draws: why a large dataset may move slowly. */
export function GraphicsNote() {
  const [known, setKnown] = useState<Graphics | null>(null);
  useEffect(() => {
    void graphics().then(setKnown);
  }, []);
  return <p className={styles.note}>{known && TEXT[known]}</p>;
}
