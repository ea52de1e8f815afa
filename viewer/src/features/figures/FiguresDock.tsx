export function FiguresDock() {
  return <p>Figures are shown here.</p>;
}
