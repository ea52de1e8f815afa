export function CompareDock() {
  return <p>Compare two groups of cells: the result is shown here.</p>;
}
