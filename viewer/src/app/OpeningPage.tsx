import { useViewer } from "../features/useViewer";
import { TextButton } from "../ui/Button";
import styles from "./app.module.css";

/** While a file is being opened: which, how far, and the way out. */
export function OpeningPage({ title, label, fraction }: { title: string; label: string; fraction: number }) {
  const viewer = useViewer();
  const percent = Math.round(100 * fraction);
  return (
    <main className={styles.fatal}>
      <h1>Opening {title}</h1>
      <progress className={styles.opening} value={percent} max={100} aria-label={label} />
      <p role="status">{label} …</p>
      <TextButton look="outlined" onPress={() => viewer.cancelOpening()}>
        Cancel
      </TextButton>
    </main>
  );
}
