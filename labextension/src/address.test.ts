import { describe, expect, it } from "vitest";
import { initialView } from "../../viewer/src/state/initial";
import { type Address, cleanPath, isFile, isFolder, keyOf, pageUrl, portable } from "./address";

const BASE = "http://hub.example/user/someone/";

describe("the address of a viewer's page", () => {
  it.each([
    ["data/x.h5ad", "data%2Fx.h5ad"],
    ["50 % of #1?.h5ad", "50%20%25%20of%20%231%3F.h5ad"],
    ["a+b&c=d.zarr", "a%2Bb%26c%3Dd.zarr"],
    ["Größe/日本.h5ad", "Gr%C3%B6%C3%9Fe%2F%E6%97%A5%E6%9C%AC.h5ad"],
  ])("means %s and nothing else", (path, encoded) => {
    const url = pageUrl(BASE, { path }, null);
    expect(url).toBe(`${BASE}cxg/open?path=${encoded}`);
    expect(new URL(url).searchParams.get("path")).toBe(path);
    expect(new URL(url).hash).toBe("");
  });

  it("of a snapshot is below its id", () => {
    expect(pageUrl(BASE, { snapshot: "0123456789abcdef" }, null)).toBe(`${BASE}cxg/d/0123456789abcdef/`);
  });

  it("carries the view to begin with", () => {
    const view = { color: { kind: "gene", name: "CD3D" } } as const;
    const { hash } = new URL(pageUrl(BASE, { path: "x #1.h5ad" }, view));
    expect(JSON.parse(decodeURIComponent(hash.replace("#state=", "")))).toMatchObject(view);
  });
});

it("leaves sets of cells behind that only one page knows", () => {
  const range = { kind: "range", source: { kind: "obs", name: "size" }, min: 0, max: 1 } as const;
  const cells = { kind: "cells", key: "k", label: "from Python", count: 3 } as const;
  expect(portable({ ...initialView(), filters: [range, cells] }).filters).toEqual([range]);
});

it.each([
  ["/a/b.zarr/", "a/b.zarr"],
  ["a.h5ad", "a.h5ad"],
])("cleans %s", (path, clean) => expect(cleanPath(path)).toBe(clean));

it("knows folders by their ending, as the server does", () => {
  expect(["a.zarr", "a.ZARR", "a.h5ad", "zarr"].map(isFolder)).toEqual([true, true, false, false]);
});

it("knows files by their ending, as the server does", () => {
  const names = ["a.h5ad", "a.H5MU", "a.loom", "a.h5", "a.zarr", "a.hdf5", "h5ad", "a.h5ad.txt"];
  expect(names.map(isFile)).toEqual([true, true, true, true, false, false, false, false]);
});

it("tells a path from a snapshot of the same name", () => {
  const addresses: Address[] = [{ path: "a" }, { snapshot: "a" }, { path: "b" }];
  expect(new Set(addresses.map(keyOf)).size).toBe(3);
});
