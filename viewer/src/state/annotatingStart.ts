// Annotating, put together for a viewer: what it reads of the viewer, and what it does to it.

import type { Client } from "../api/client";
import type { ColumnCache } from "../data/columns";
import { type ColumnKey, obsKey } from "../data/keys";
import { Annotating, type AnnotatingHost } from "./annotating";
import { AnnotationSync } from "./annotationSync";
import type { Annotations } from "./annotations";
import type { AppStore } from "./store";
import { UnsentKeeper } from "./unsent";

interface Parts extends Omit<AnnotatingHost, "put" | "column"> {
  columns: ColumnCache;
  /** A column has other values: what was counted of it is old. */
  revise(key: ColumnKey): void;
}

export function startAnnotating(
  client: Client,
  store: AppStore,
  root: string,
  signal: AbortSignal,
  { columns, revise, ...host }: Parts,
): Annotations {
  const sync = new AnnotationSync(client, new UnsentKeeper(root), signal);
  if (typeof window !== "undefined") sync.listen(window);
  const annotations = new Annotating(
    store,
    {
      ...host,
      column: (name) => columns.get(obsKey(name)),
      put(name, column) {
        revise(obsKey(name));
        columns.keep(obsKey(name), column);
      },
    },
    sync,
  );
  annotations.start();
  return annotations;
}
