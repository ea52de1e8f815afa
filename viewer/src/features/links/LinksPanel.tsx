import { useCallback, useEffect, useId, useState } from "react";
import type { LinkDoc } from "../../state/viewer";
import { BusyLine } from "../../ui/BusyLine";
import { TextButton } from "../../ui/Button";
import { Late } from "../../ui/Late";
import { Problem } from "../../ui/Problem";
import { Skeleton } from "../../ui/Skeleton";
import { useViewer } from "../useViewer";
import { LinkList } from "./LinkList";
import styles from "./links.module.css";
import { NewLink } from "./NewLink";

const LIFETIMES: [expires: string, days: number, label: string][] = [
  ["1d", 1, "1 day"],
  ["7d", 7, "7 days"],
  ["30d", 30, "30 days"],
  ["90d", 90, "90 days"],
];
const USUAL = "7d";
const LISTING = "Asking for the links";
const MAX_NOTE = 200; // as the server's

/** Makes a link to what is shown now, and lists those there are. */
export function LinksPanel() {
  const { sharing } = useViewer();
  const noteId = useId();
  const expiresId = useId();
  const [expires, setExpires] = useState(USUAL);
  const [note, setNote] = useState("");
  const [doing, setDoing] = useState<string | null>(null); // with the server
  const busy = doing !== null;
  const [made, setMade] = useState<{ url: string; link: LinkDoc } | null>(null);
  const [links, setLinks] = useState<LinkDoc[] | null>(null);
  const [maxDays, setMaxDays] = useState(Number.POSITIVE_INFINITY);
  const [trouble, setTrouble] = useState<{ message: string; again(): void } | null>(null);

  /** Tells what went wrong beside the list, and shows the list as it is afterwards. */
  const attempt = useCallback(
    async (what: string, work: () => Promise<unknown>) => {
      setDoing(what);
      setTrouble(null);
      try {
        await work();
        const found = await sharing?.list();
        setLinks(found?.links ?? []);
        setMaxDays(found?.max_days ?? 0);
      } catch (problem) {
        const message = problem instanceof Error ? problem.message : String(problem);
        setTrouble({ message, again: () => void attempt(what, work) });
      } finally {
        setDoing(null);
      }
    },
    [sharing],
  );
  useEffect(() => void attempt(LISTING, async () => {}), [attempt]);
  if (!sharing) return null;

  const lifetimes = LIFETIMES.filter(([, days]) => days <= maxDays);
  const create = () =>
    attempt("Making the link", async () => {
      setMade(await sharing.create({ expires, note }));
      setNote("");
    });
  const revoke = (id: string) =>
    attempt("Revoking the link", async () => {
      await sharing.revoke(id);
      if (made?.link.id === id) setMade(null);
    });

  return (
    <div className={styles.panel}>
      <BusyLine label={doing} />
      <p className={styles.what}>
        Whoever has the link sees this dataset as it is shown now, without an account. They reach nothing else
        and change nothing.
      </p>
      <div className={styles.form}>
        <label htmlFor={expiresId}>Expires after</label>
        <select
          id={expiresId}
          className={styles.field}
          value={expires}
          onChange={(event) => setExpires(event.target.value)}
        >
          {lifetimes.map(([value, , label]) => (
            <option key={value} value={value}>
              {label}
            </option>
          ))}
        </select>
        <label htmlFor={noteId}>Note to yourself</label>
        <input
          id={noteId}
          className={styles.field}
          value={note}
          maxLength={MAX_NOTE}
          placeholder="for whom, what for"
          onChange={(event) => setNote(event.target.value)}
          onKeyDown={(event) => event.key === "Enter" && !busy && void create()}
        />
        <TextButton look="primary" isDisabled={busy} onPress={() => void create()}>
          Create link
        </TextButton>
        {doing !== null && doing !== LISTING && (
          <p className={styles.doing} role="status">
            <Late>{doing}…</Late>
          </p>
        )}
      </div>
      {trouble && <Problem message={trouble.message} onRetry={trouble.again} />}
      {made && <NewLink key={made.link.id} url={made.url} />}
      {links ? (
        <LinkList links={links} isDisabled={busy} onRevoke={(id) => void revoke(id)} />
      ) : (
        !trouble && <Skeleton height={36} />
      )}
    </div>
  );
}
