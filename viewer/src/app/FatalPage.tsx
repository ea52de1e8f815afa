import { useViewer } from "../features/useViewer";
import { TextButton } from "../ui/Button";
import styles from "./app.module.css";

/** When there is nothing to show: what happened, and what to do. */
export function FatalPage({ title, message }: { title: string; message: string }) {
  const viewer = useViewer();
  return (
    <main className={styles.fatal} role="alert">
      <h1>{title}</h1>
      <p>{message}</p>
      <TextButton look="primary" onPress={() => viewer.reload()}>
        Reload
      </TextButton>
    </main>
  );
}
