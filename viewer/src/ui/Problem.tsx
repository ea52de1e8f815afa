import { CircleAlert } from "lucide-react";
import { TextButton } from "./Button";
import styles from "./controls.module.css";

interface Props {
  message: string;
  onRetry?(): void;
}

/** An error beside what failed: one sentence, one button. */
export function Problem({ message, onRetry }: Props) {
  return (
    <div className={styles.problem} role="alert">
      <CircleAlert aria-hidden />
      <p>{message}</p>
      {onRetry && (
        <TextButton look="link" onPress={onRetry}>
          Retry
        </TextButton>
      )}
    </div>
  );
}
