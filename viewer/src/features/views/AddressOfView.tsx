import { Link } from "lucide-react";
import { useRef, useState } from "react";
import { copyText } from "../../lib/clipboard";
import { everyLeaf } from "../../state/selecting";
import { loopback } from "../../state/viewer";
import { TextButton } from "../../ui/Button";
import { useView, useViewer } from "../useViewer";
import styles from "./views.module.css";

/** The address that opens what is shown now, for whoever may open the dataset. */
export function AddressOfView() {
  const viewer = useViewer();
  const sets = useView((view) => everyLeaf(view).some((filter) => filter.kind === "cells"));
  const field = useRef<HTMLInputElement>(null);
  const [copied, setCopied] = useState<{ address: string; ok: boolean } | null>(null);
  const address = viewer.address();
  useView((view) => view); // the address follows it
  if (address === null) return null;
  const local = loopback(address);

  const copy = async () => {
    const ok = await copyText(address);
    setCopied({ address, ok });
    if (!ok) field.current?.select();
  };
  const isCopied = copied?.address === address ? copied.ok : null;
  return (
    <section className={styles.address} aria-label="Link to this view">
      <p className={styles.what}>
        The address of this page has all of the view.{" "}
        {local ? "Whoever works on this computer and may log in" : "Whoever may log in here"} sees the same.
      </p>
      <div className={styles.row}>
        <input
          ref={field}
          className={styles.field}
          readOnly
          value={address}
          aria-label="Address of this view"
          onFocus={(event) => event.target.select()}
        />
        <TextButton look="outlined" onPress={() => void copy()}>
          <Link aria-hidden />
          {isCopied ? "Copied" : "Copy link"}
        </TextButton>
      </div>
      <p className={styles.hint} role="status">
        {isCopied === false && "This browser does not let the page copy: press Ctrl C. "}
        {sets && `Sets of cells from Python are too large for an address: ${instead(viewer)} has them too.`}
      </p>
    </section>
  );
}

function instead({ views, sharing }: ReturnType<typeof useViewer>): string {
  return views ? "a saved view" : sharing ? "a link that you share" : "nothing but this page";
}
