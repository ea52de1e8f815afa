// The order in which rows that are alike stand together: average linkage over Euclidean distances.

interface Node {
  leaves: number[];
}

/** Positions of the rows, from one end of the tree to the other; NaN counts as zero. */
export function similarOrder(rows: readonly (readonly number[])[]): number[] {
  let nodes: Node[] = rows.map((_, i) => ({ leaves: [i] }));
  const apart = rows.map((a) => rows.map((b) => distance(a, b)));
  while (nodes.length > 1) {
    let [best, left, right] = [Number.POSITIVE_INFINITY, 0, 1];
    for (let i = 0; i < nodes.length; i++) {
      for (let j = i + 1; j < nodes.length; j++) {
        const between = linkage(nodes[i]!, nodes[j]!, apart);
        if (between < best) [best, left, right] = [between, i, j];
      }
    }
    const joined = { leaves: facing(nodes[left]!.leaves, nodes[right]!.leaves, apart) };
    nodes = [...nodes.filter((_, i) => i !== left && i !== right), joined];
  }
  return nodes[0]?.leaves ?? [];
}

function distance(a: readonly number[], b: readonly number[]): number {
  return Math.sqrt(a.reduce((sum, value, i) => sum + ((value || 0) - (b[i] || 0)) ** 2, 0));
}

function linkage(a: Node, b: Node, apart: number[][]): number {
  let sum = 0;
  for (const i of a.leaves) for (const j of b.leaves) sum += apart[i]![j]!;
  return sum / (a.leaves.length * b.leaves.length);
}

/** Both in a row, turned so that the ends that meet are the most alike. */
function facing(a: number[], b: number[], apart: number[][]): number[] {
  const ways = [
    [a, b],
    [a, b.toReversed()],
    [a.toReversed(), b],
    [a.toReversed(), b.toReversed()],
  ] as const;
  const gap = ([left, right]: readonly [number[], number[]]) => apart[left.at(-1)!]![right[0]!]!;
  const [left, right] = ways.reduce((best, way) => (gap(way) < gap(best) ? way : best));
  return [...left, ...right];
}
