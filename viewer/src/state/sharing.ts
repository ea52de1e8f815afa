// Making, listing and revoking the links to this view, for whoever owns it.

import type { Client } from "../api/client";
import type { LinkDoc, LinksDoc, LinkWish, NewLinkDoc } from "../api/types";
import { toBase64 } from "../lib/base64";
import { filtersOfComparisons } from "./comparing";
import { everyLeaf, leavesOf } from "./selecting";
import type { ViewState } from "./state";

export type { LinkDoc, LinksDoc } from "../api/types";

export interface Sharing {
  /** The links that are valid, newest first, and the longest that one may live. */
  list(): Promise<LinksDoc>;
  /** A new link to what is shown now: the address to send to somebody. */
  create(wish: Pick<LinkWish, "expires" | "note">): Promise<{ url: string; link: LinkDoc }>;
  revoke(id: string): Promise<void>;
}

export function createSharing(
  client: Client,
  view: () => ViewState,
  cells: ReadonlyMap<string, Uint8Array>,
): Sharing {
  return {
    list: () => client.call("GET", "links"),
    async create(wish) {
      const state = view();
      const leaves = [...everyLeaf(state), ...leavesOf(filtersOfComparisons(state))];
      const named = leaves.flatMap((filter) => (filter.kind === "cells" ? [filter.key] : []));
      const bits = named.flatMap((key) => {
        const set = cells.get(key);
        return set ? [[key, toBase64(set)] as const] : [];
      });
      const body = { ...wish, state, cells: Object.fromEntries(bits) };
      const made = await client.call<NewLinkDoc>("POST", "links", body);
      // The page's own origin is opaque, but its address has the one that the link must have.
      return { url: `${globalThis.location?.origin ?? ""}${made.url_path}`, link: made };
    },
    revoke: (id) => client.call("DELETE", `links/${id}`),
  };
}

const LOOPBACK = /^(localhost|.*\.localhost|127(\.\d+){3}|\[::1\])$/;

/** When only this computer can reach an address: its host, and the command that takes it elsewhere. */
export function loopback(address: string): { host: string; tunnel: string } | null {
  const { hostname: host, port, protocol } = new URL(address);
  if (!LOOPBACK.test(host)) return null;
  const number = port || (protocol === "https:" ? "443" : "80");
  return { host, tunnel: `ssh -N -L ${number}:localhost:${number} USER@MACHINE` };
}
