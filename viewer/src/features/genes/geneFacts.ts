// What a card says about a gene's expression.

export interface ExpressionFacts {
  fraction: number; // of cells whose value is not zero
  mean: number;
  max: number;
}

/** Of the cells where `among` is not zero, or of all; NaN is left out. */
export function expressionFacts(values: ArrayLike<number>, among?: ArrayLike<number>): ExpressionFacts {
  let [n, nonzero, sum, max] = [0, 0, 0, Number.NaN];
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    if (Number.isNaN(value) || (among && !among[i])) continue;
    n++;
    sum += value;
    if (value !== 0) nonzero++;
    if (!(value <= max)) max = value;
  }
  return { fraction: nonzero / n, mean: sum / n, max };
}
