import { describe, expect, it } from "vitest";
import { Genes } from "./genes";

const NAMES = ["HLA-DRA", "CD3D", "CD3E", "cd8a", "CD8A", "ACD3", "CD33", "MS4A1", "LYZ", "CXCR3D"];

async function genes() {
  const index = new Genes(async () => ({ names: NAMES, others: null }));
  await index.load();
  return index;
}

const found = (matches: { gene: string }[]) => matches.map((match) => match.gene);

describe("search", () => {
  it("ranks exact, prefix, substring, then letters in order", async () => {
    const index = await genes();
    expect(found(index.search("cd3", 10))).toEqual(["CD3D", "CD3E", "CD33", "ACD3"]);
    expect(found(index.search("CD8A", 10))).toEqual(["cd8a", "CD8A"]);
    expect(found(index.search("d3", 10))).toEqual(["CD3D", "CD3E", "ACD3", "CD33"]);
    expect(found(index.search("cx3", 10))).toEqual(["CXCR3D"]);
    expect(found(index.search("hdra", 10))).toEqual(["HLA-DRA"]);
  });

  it("says where the query lies", async () => {
    const index = await genes();
    expect(index.search("s4a", 1)).toEqual([{ gene: "MS4A1", at: [1, 4] }]);
    expect(index.search("cxd", 1)).toEqual([{ gene: "CXCR3D", at: null }]);
  });

  it("gives no more than asked for, and nothing for nothing", async () => {
    const index = await genes();
    expect(found(index.search("c", 2))).toEqual(["CD3D", "CD3E"]);
    expect(index.search("  ", 5)).toEqual([]);
  });
});

describe("lookup", () => {
  it("prefers the exact spelling, and forgives the case", async () => {
    const index = await genes();
    expect(index.lookup("CD8A")).toBe("CD8A");
    expect(index.lookup("cd8a")).toBe("cd8a");
    expect(index.lookup(" lyz ")).toBe("LYZ");
    expect(index.lookup("typo")).toBeUndefined();
  });
});

it("asks again after a failure", async () => {
  let calls = 0;
  const index = new Genes(async () => {
    calls += 1;
    if (calls === 1) throw new Error("offline");
    return { names: NAMES, others: null };
  });
  await expect(index.load()).rejects.toThrow("offline");
  expect(index.ready).toBe(false);
  await index.load();
  await index.load();
  expect(calls).toBe(2);
  expect(index.ready).toBe(true);
});
