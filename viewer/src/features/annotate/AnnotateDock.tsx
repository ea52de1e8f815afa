export function AnnotateDock() {
  return <p>The history of annotations is shown here.</p>;
}
