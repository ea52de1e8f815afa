import { describe, expect, it, vi } from "vitest";
import { ApiError } from "../api/errors";
import { FakeClient } from "../api/fake";
import { ColumnCache, type ColumnEvent } from "./columns";
import { geneKey, layoutKey, obsKey } from "./keys";
import type { Layout } from "./questions";

const LAYOUT: Layout = {
  varIndex: "name_0",
  kind: (name) => (name === "n_genes" || name === "score" ? "continuous" : "categorical"),
};

function cache(maxBytes?: number) {
  const client = new FakeClient();
  const events: ColumnEvent[] = [];
  return { client, events, columns: new ColumnCache(client, LAYOUT, (e) => events.push(e), maxBytes) };
}

describe("columns", () => {
  it("are asked for once, and kept", async () => {
    const { client, columns, events } = cache();
    columns.want(obsKey("n_genes"));
    columns.want(obsKey("n_genes"));
    await vi.waitFor(() => expect(columns.get(obsKey("n_genes"))).toBeDefined());
    columns.want(obsKey("n_genes"));
    expect(client.asked).toEqual(["annotations/obs?annotation-name=n_genes"]);
    expect(events.map((event) => event.status)).toEqual(["loading", "ready"]);
    const column = columns.get(obsKey("n_genes"));
    expect(column).toMatchObject({ kind: "continuous", integer: true, missing: 0 });
  });

  it("know their missing values", async () => {
    const { columns } = cache();
    columns.want(obsKey("score"));
    columns.want(obsKey("batch"));
    columns.want(layoutKey("pca"));
    await vi.waitFor(() => expect(columns.loadedKeys()).toHaveLength(3));
    expect(columns.get(obsKey("score"))?.missing).toBe(25);
    expect(columns.get(obsKey("batch"))?.missing).toBe(50);
    expect(columns.get(layoutKey("pca"))?.missing).toBe(100);
  });

  it("escape what names may contain", () => {
    const { client, columns } = cache();
    columns.want(geneKey("a:b,c&d=e"));
    columns.want(obsKey("a & b"));
    expect(client.asked).toEqual([
      "data/var?var:name_0=a%253Ab%252Cc%2526d%253De",
      "annotations/obs?annotation-name=a%20%26%20b",
    ]);
  });

  it("that fail are not asked for again before a retry", async () => {
    const { client, columns, events } = cache();
    columns.want(geneKey("typo"));
    await vi.waitFor(() => expect(events.at(-1)?.status).toBe("failed"));
    columns.want(geneKey("typo"));
    expect(client.asked).toHaveLength(1);
    const event = events.at(-1);
    expect(event?.status === "failed" && event.error).toBeInstanceOf(ApiError);
    columns.retry(geneKey("typo"));
    expect(client.asked).toHaveLength(2);
  });

  it("asked for in passing are asked for again when they are needed now", () => {
    const { client, columns, events } = cache();
    client.hold("data/var?var:name_0=LYZ");
    columns.want(geneKey("LYZ"), "low");
    columns.want(geneKey("LYZ"), "high");
    columns.want(geneKey("LYZ"), "low");
    expect(client.asked).toHaveLength(2);
    expect(events.map((event) => event.status)).toEqual(["loading"]);
  });

  it("that nobody wants any more never arrive", async () => {
    const { client, columns, events } = cache();
    const release = client.hold("data/var?var:name_0=LYZ");
    columns.want(geneKey("LYZ"));
    columns.cancel(geneKey("LYZ"));
    release();
    columns.want(geneKey("CD3D"));
    await vi.waitFor(() => expect(columns.get(geneKey("CD3D"))).toBeDefined());
    expect(columns.get(geneKey("LYZ"))).toBeUndefined();
    expect(events.filter((event) => event.key === geneKey("LYZ")).map((event) => event.status)).toEqual([
      "loading",
      "dropped",
    ]);
  });

  it("make room for newer ones, the least recently used first, but never what the view needs", async () => {
    const { columns } = cache(3 * 2000); // three genes of 500 cells
    columns.pin(new Set([geneKey("CD3D")]));
    for (const gene of ["CD3D", "LYZ", "CD8A"]) {
      columns.want(geneKey(gene));
      await vi.waitFor(() => expect(columns.loadedKeys()).toContain(geneKey(gene)));
    }
    columns.get(geneKey("LYZ")); // used again
    columns.want(geneKey("GNLY"));
    await vi.waitFor(() => expect(columns.loadedKeys()).toContain(geneKey("GNLY")));
    expect(columns.loadedKeys().sort()).toEqual(["gene/CD3D", "gene/GNLY", "gene/LYZ"]);
  });
});
