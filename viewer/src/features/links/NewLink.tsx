import { Copy, TriangleAlert } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { loopback } from "../../state/viewer";
import { TextButton } from "../../ui/Button";
import styles from "./links.module.css";

/** A link that was just made: its address, which nobody can show again. */
export function NewLink({ url }: { url: string }) {
  const field = useRef<HTMLInputElement>(null);
  const [copied, setCopied] = useState<boolean | null>(null);
  const local = loopback(url);
  useEffect(() => field.current?.focus(), []); // which selects it

  const copy = async () => {
    selectAll(field.current);
    setCopied(await onClipboard(url));
  };
  return (
    <section className={styles.made} aria-label="The new link">
      <div className={styles.address}>
        <input
          ref={field}
          className={styles.field}
          readOnly
          value={url}
          aria-label="Address of the new link"
          onFocus={(event) => selectAll(event.target)}
        />
        <TextButton look="outlined" onPress={() => void copy()}>
          <Copy aria-hidden />
          {copied ? "Copied" : "Copy"}
        </TextButton>
      </div>
      <p className={styles.hint} role="status">
        {copied === false
          ? "This browser does not let the page copy: press Ctrl C."
          : "Copy it now: it is shown only this once."}
      </p>
      {local && (
        <p className={styles.warning}>
          <TriangleAlert aria-hidden />
          <span>
            {local.host} is everybody's own computer. For others this works once they have run{" "}
            <code>{local.tunnel}</code> with a login on this one, or if the server runs on a JupyterHub or as{" "}
            <code>jupyter cxg serve --host 0.0.0.0</code>.
          </span>
        </p>
      )}
    </section>
  );
}

/** With the start in sight: the end is nothing to look at. */
function selectAll(field: HTMLInputElement | null): void {
  field?.select();
  requestAnimationFrame(() => field?.scrollTo({ left: 0 })); // after the browser has gone to the end
}

/** Whether the text is on the clipboard; browsers refuse without HTTPS, or in a frame that may not. */
async function onClipboard(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return document.execCommand("copy"); // of what is selected
  }
}
