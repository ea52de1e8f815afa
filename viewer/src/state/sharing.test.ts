import { expect, it } from "vitest";
import { FakeClient } from "../api/fake";
import { fromBase64 } from "../lib/base64";
import { initialView } from "./initial";
import { createSharing, loopback } from "./sharing";

it("sends the view and the sets of cells that it names", async () => {
  const client = new FakeClient();
  const filters = [
    { kind: "cells", key: "a", label: "from Python", count: 2 } as const,
    { kind: "cells", key: "unknown", label: "from Python", count: 2 } as const,
  ];
  const view = initialView({ genes: ["CD3D"], filters });
  const cells = new Map([
    ["a", Uint8Array.of(3)],
    ["b", Uint8Array.of(1)],
  ]);
  const sharing = createSharing(client, () => view, cells);
  const { url, link } = await sharing.create({ expires: "7d", note: "n" });
  expect(url).toBe(`/cxg/s/${link.id}#k=secret`);
  expect(client.wishes).toEqual([{ expires: "7d", note: "n", state: view, cells: { a: "Aw==" } }]);
  expect(fromBase64("Aw==")).toEqual(Uint8Array.of(3));
  expect((await sharing.list()).links).toEqual([
    { id: link.id, role: "view", created: link.created, expires: link.expires, note: "n" },
  ]);
  await sharing.revoke(link.id);
  expect((await sharing.list()).links).toEqual([]);
});

it.each([
  ["http://127.0.0.1:8888/cxg/s/x#k=y", "ssh -N -L 8888:localhost:8888 USER@MACHINE"],
  ["http://localhost/cxg", "ssh -N -L 80:localhost:80 USER@MACHINE"],
  ["https://[::1]/cxg", "ssh -N -L 443:localhost:443 USER@MACHINE"],
  ["https://hub.example/user/a/cxg", undefined],
  ["http://localhost.example/", undefined],
])("knows which addresses only this computer reaches: %s", (address, tunnel) => {
  expect(loopback(address)?.tunnel).toBe(tunnel);
});
