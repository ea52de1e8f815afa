import { useMemo } from "react";
import { Button } from "react-aria-components";
import type { GeneIndex } from "../../state/viewer";
import styles from "./sets.module.css";

interface Props {
  symbols: readonly string[];
  genes: GeneIndex;
  onReplace(symbol: string, gene: string): void;
}

const COMPARED = 50; // of more, nobody clicks through suggestions

/** Names that no gene has, once each; one click replaces a slip by the gene that was probably meant. */
export function UnknownGenes({ symbols, genes, onReplace }: Props) {
  const known = genes.ready;
  const meant = useMemo(
    () => (known ? symbols.slice(0, COMPARED).map((symbol) => genes.near(symbol)) : []),
    [symbols, genes, known],
  );
  if (symbols.length === 0) return null;
  return (
    <ul className={styles.unknown} aria-label="Not in this dataset">
      {symbols.map((symbol, i) => {
        const gene = meant[i];
        return (
          <li key={symbol}>
            <span>{symbol}</span>
            {gene !== undefined && (
              <Button
                className={styles.meant}
                aria-label={`Replace ${symbol} by ${gene}`}
                onPress={() => onReplace(symbol, gene)}
              >
                {gene}?
              </Button>
            )}
          </li>
        );
      })}
    </ul>
  );
}
