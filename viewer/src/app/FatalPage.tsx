import { useViewer } from "../features/useViewer";
import { TextButton } from "../ui/Button";
import styles from "./app.module.css";

interface Props {
  title: string;
  message: string;
  final?: boolean; // loading the page again would not help
  action?: string; // what loading it again is called
}

/** When there is nothing to show: what happened, and what to do. */
export function FatalPage({ title, message, final = false, action = "Reload" }: Props) {
  const viewer = useViewer();
  return (
    <main className={styles.fatal} role="alert">
      <h1>{title}</h1>
      <p>{message}</p>
      {!final && (
        <TextButton look="primary" onPress={() => viewer.reload()}>
          {action}
        </TextButton>
      )}
    </main>
  );
}
