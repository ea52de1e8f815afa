// A small synthetic dataset with one column of each kind, the same on every run.

import {
  bool,
  columnFromArray,
  columnFromValues,
  dictionary,
  float32,
  int8,
  int32,
  tableFromColumns,
  tableToIPC,
  utf8,
} from "@uwdata/flechette";
import type { ColorsDoc, ConfigDoc, SchemaDoc } from "./types";

type AnyColumn = ReturnType<typeof columnFromValues>;

export interface FakeData {
  schema: SchemaDoc;
  config: ConfigDoc;
  colors: ColorsDoc;
  obs: Record<string, AnyColumn>;
  layouts: Record<string, [AnyColumn, AnyColumn]>;
  genes: string[];
  geneNames: AnyColumn;
  gene(name: string): AnyColumn;
}

const CLUSTERS = ["B cells", "CD4 T", "CD8 T", "Monocytes", "NK"];
const BATCHES = ["day 1", "day 2"];
const MARKERS = ["MS4A1", "CD3D", "CD8A", "LYZ", "GNLY"];

export function fakeData(n = 500): FakeData {
  const random = generator(7);
  const normal = () => random() + random() + random() + random() - 2;
  const cluster = Array.from({ length: n }, () => Math.floor(random() * CLUSTERS.length));
  const centers = CLUSTERS.map((_, i) => {
    const angle = (2 * Math.PI * i) / CLUSTERS.length;
    return [Math.cos(angle), Math.sin(angle)] as const;
  });
  const place = (axis: 0 | 1, spread: number) =>
    Float32Array.from(cluster, (c) => 0.5 + 0.3 * centers[c]![axis] + spread * normal());
  const columns: FakeData["obs"] = {
    name_0: columnFromValues(names(n, "cell"), utf8()),
    cluster: columnFromValues(
      cluster.map((c) => CLUSTERS[c]),
      dictionary(utf8(), int8()),
    ),
    batch: columnFromValues(
      cluster.map((_, i) => (i % 10 === 0 ? null : BATCHES[i % 2])),
      dictionary(utf8(), int8()),
    ),
    n_genes: columnFromArray(
      cluster.map(() => Math.round(500 + 400 * random())),
      int32(),
    ),
    score: columnFromArray(
      Float32Array.from(cluster, (c, i) => (i % 20 === 3 ? Number.NaN : c + normal())),
      float32(),
    ),
    doublet: columnFromArray(
      cluster.map((_, i) => i % 7 === 0),
      bool(),
    ),
  };
  const half = place(0, 0.08).map((x, i) => (i % 5 === 0 ? Number.NaN : x));
  const genes = [...MARKERS, ...names(40, "GENE")];
  return {
    schema: schemaOf(n, genes.length),
    config: configOf(n),
    colors: { cluster: { "B cells": "#1f77b4" } },
    obs: columns,
    layouts: {
      umap: [columnFromArray(place(0, 0.06), float32()), columnFromArray(place(1, 0.06), float32())],
      pca: [columnFromArray(half, float32()), columnFromArray(place(1, 0.08), float32())],
    },
    genes,
    geneNames: columnFromValues(genes, utf8()),
    gene(name) {
      const marked = MARKERS.indexOf(name);
      const of = (c: number, i: number) =>
        c === marked ? 2 + ((i * 37) % 100) / 50 : (i * 13) % 4 ? 0 : 0.5;
      return columnFromArray(Float32Array.from(cluster, of), float32());
    },
  };
}

export function arrow(columns: Record<string, AnyColumn>): Uint8Array<ArrayBuffer> {
  return tableToIPC(tableFromColumns(columns), { format: "stream" }) as Uint8Array<ArrayBuffer>;
}

function schemaOf(nObs: number, nVar: number): SchemaDoc {
  const column = (name: string, type: SchemaDoc["schema"]["annotations"]["obs"]["columns"][0]["type"]) => ({
    name,
    type,
    writable: false,
  });
  return {
    schema: {
      dataframe: { nObs, nVar, type: "float32" },
      annotations: {
        obs: {
          index: "name_0",
          columns: [
            column("name_0", "string"),
            { ...column("cluster", "categorical"), categories: CLUSTERS },
            { ...column("batch", "categorical"), categories: BATCHES },
            column("n_genes", "int32"),
            column("score", "float32"),
            column("doublet", "boolean"),
          ],
        },
        var: { index: "name_0", columns: [column("name_0", "string")] },
      },
      layout: {
        obs: ["umap", "pca"].map((name) => ({ name, type: "float32", dims: [`${name}_0`, `${name}_1`] })),
      },
    },
  };
}

function configOf(n: number): ConfigDoc {
  return {
    config: {
      displayNames: { dataset: "synthetic", engine: "fake" },
      parameters: {
        default_embedding: "umap",
        default_color: "cluster",
        "max-category-items": 1000,
        annotations_genesets: true,
      },
      left_out: [{ where: "obs['when']", reason: "Dates are not shown." }],
      missing: { pca: Math.ceil(n / 5) },
      layers: ["X"],
    },
  };
}

function names(n: number, prefix: string): string[] {
  return Array.from({ length: n }, (_, i) => `${prefix}${i}`);
}

/** Mulberry32: small, seeded, good enough for a picture. */
function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}
