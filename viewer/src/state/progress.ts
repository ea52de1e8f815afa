// While the kernel still publishes or the server still indexes, asks how far they are.

import { json } from "../api/answers";
import type { Client } from "../api/client";
import type { StatusDoc } from "../api/types";

const PERIOD_MS = 1000;

export async function followStatus(
  client: Client,
  first: StatusDoc,
  signal: AbortSignal,
  onStatus: (status: StatusDoc) => void,
): Promise<void> {
  let status = first;
  onStatus(status);
  while ((status.state === "publishing" || status.progress) && !signal.aborted) {
    await new Promise((resolve) => setTimeout(resolve, PERIOD_MS));
    if (signal.aborted) return;
    try {
      status = json<StatusDoc>(await client.ask("status", { signal, priority: "low" }));
    } catch {
      return; // the server says elsewhere what is wrong; a bar that stands still would lie
    }
    onStatus(status);
  }
}
