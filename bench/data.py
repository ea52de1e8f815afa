"""Seeded, realistic sparse counts: most genes in few cells, log-normalized, CSR."""

from dataclasses import dataclass
from typing import Any

import anndata
import numpy as np
import pandas as pd
from scipy import sparse

BLOCK = 5_000


@dataclass(frozen=True)
class Shape:
    """How large an AnnData to make, and how full."""

    n_obs: int
    n_vars: int = 20_000
    density: float = 0.09
    seed: int = 0


def make_adata(shape: Shape) -> Any:
    """An AnnData with CSR float32 X, an embedding of 12 clusters and the usual columns."""
    rng = np.random.default_rng(shape.seed)
    cluster = rng.integers(12, size=shape.n_obs)
    centers = rng.normal(scale=6, size=(12, 2))
    adata = anndata.AnnData(
        X=_counts(shape, rng),
        obs=pd.DataFrame(
            {
                "cluster": pd.Categorical([f"cluster {i}" for i in cluster]),
                "sample": pd.Categorical(rng.choice(["s1", "s2", "s3", "s4"], shape.n_obs)),
                "n_genes": rng.poisson(2_000, shape.n_obs),
                "percent_mito": rng.beta(2, 30, shape.n_obs).astype(np.float32),
            },
            index=[f"cell-{i}" for i in range(shape.n_obs)],
        ),
        var=pd.DataFrame(index=[f"GENE{i}" for i in range(shape.n_vars)]),
    )
    adata.obsm["X_umap"] = (centers[cluster] + rng.normal(size=(shape.n_obs, 2))).astype(np.float32)
    return adata


def _counts(shape: Shape, rng: np.random.Generator) -> Any:
    # Gene popularity is skewed as in real data: a beta distribution with the wanted mean.
    popularity = rng.beta(0.35, 0.35 * (1 / shape.density - 1), shape.n_vars).astype(np.float32)
    blocks = []
    for start in range(0, shape.n_obs, BLOCK):
        size = (min(BLOCK, shape.n_obs - start), shape.n_vars)
        present = sparse.csr_matrix(rng.random(size, dtype=np.float32) < popularity, dtype=np.float32)
        present.data[:] = np.log1p(rng.geometric(0.4, present.nnz)).astype(np.float32)
        blocks.append(present)
    return sparse.vstack(blocks, format="csr")
