import { CloudOff, RefreshCw, Unlink, X } from "lucide-react";
import { useApp, useViewer } from "../features/useViewer";
import { IconButton, TextButton } from "../ui/Button";
import styles from "./app.module.css";

/** Sentences over the plot's foot: what went wrong somewhere else, and the state of the server. */
export function Notices({ narrow }: { narrow: boolean }) {
  const viewer = useViewer();
  const notices = useApp((state) => state.notices);
  const server = useApp((state) => state.server);
  const byLink = useApp((state) => state.link !== null);
  return (
    <div className={styles.notices} role="status" aria-live="polite" data-over-plot>
      {narrow && server === "unreachable" && (
        <div className={styles.notice} data-kind="warning">
          <CloudOff aria-hidden />
          <p>Server not reachable, retrying. What is loaded keeps working.</p>
        </div>
      )}
      {server === "expired" && (
        <div className={styles.notice} data-kind="warning">
          {byLink ? <Unlink aria-hidden /> : <RefreshCw aria-hidden />}
          <p>
            {byLink ? "This link does not work any more." : "The access of this view has expired."} What is
            loaded keeps working.
          </p>
          {!byLink && (
            <TextButton look="link" onPress={() => viewer.reload()}>
              Reload
            </TextButton>
          )}
        </div>
      )}
      {notices.map(({ id, message, details }) => (
        <div key={id} className={styles.notice}>
          <div className={styles.said}>
            <p>{message}</p>
            {details && (
              <ul>
                {details.map((detail) => (
                  <li key={detail}>{detail}</li>
                ))}
              </ul>
            )}
          </div>
          <IconButton label="Dismiss" placement="top" onPress={() => viewer.dismiss(id)}>
            <X />
          </IconButton>
        </div>
      ))}
    </div>
  );
}
