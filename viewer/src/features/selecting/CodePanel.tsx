import { Copy } from "lucide-react";
import { useState } from "react";
import { copyText } from "../../lib/clipboard";
import { TextButton } from "../../ui/Button";
import { useViewer } from "../useViewer";
import { codeOf } from "./codeOf";
import styles from "./selecting.module.css";

/** The selection as Python, to read and to take along. */
export function CodePanel() {
  const viewer = useViewer();
  const [code] = useState(() => codeOf(viewer));
  const [copied, setCopied] = useState<boolean | null>(null);
  return (
    <>
      <h2 className={styles.title}>The same cells in Python</h2>
      <textarea
        className={styles.code}
        aria-label="Code of the selection"
        readOnly
        rows={Math.min(14, code.split("\n").length + 1)}
        value={code}
        wrap="off"
        onFocus={(event) => event.target.select()}
      />
      <div className={styles.actions}>
        <TextButton look="primary" onPress={() => void copyText(code).then(setCopied)}>
          <Copy aria-hidden /> {copied ? "Copied" : "Copy"}
        </TextButton>
        <span className={styles.hint} role="status">
          {copied === false
            ? "This browser does not let the page copy: select the text and press Ctrl C."
            : "adata is the AnnData that is shown here."}
        </span>
      </div>
    </>
  );
}
