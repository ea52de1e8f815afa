"""A small AnnData with something of everything, and a large one for when size matters."""

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from anndata import AnnData
from scipy import sparse

from jupyter_cxg.snapshot.catalog import Catalog
from jupyter_cxg.snapshot.writer import Publication

N_OBS = 60
N_VARS = 20


def tiny_adata(*, x: Any = None) -> AnnData:
    """60 cells × 20 genes; ``x`` defaults to CSR float32 with 30 % of the values."""
    rng = np.random.default_rng(0)
    dense = (rng.random((N_OBS, N_VARS)) < 0.3) * rng.integers(1, 50, (N_OBS, N_VARS)).astype(np.float32)
    adata = AnnData(
        X=sparse.csr_matrix(dense) if x is None else x,
        obs=_obs(rng),
        var=pd.DataFrame(
            {
                "chromosome": pd.Categorical(rng.choice(["1", "2", "X"], N_VARS)),
                "n_cells": rng.integers(0, N_OBS, N_VARS),
                "highly_variable": rng.random(N_VARS) < 0.5,
            },
            index=[f"GENE{i}" for i in range(N_VARS)],
        ),
    )
    adata.obsm["X_pca"] = rng.normal(size=(N_OBS, 5))
    adata.obsm["X_umap"] = rng.normal(size=(N_OBS, 2)).astype(np.float32) * (10, 1)
    adata.obsm["X_umap"][3] = np.nan
    adata.obsm["X_umap"][5, 1] = np.inf
    adata.layers["counts"] = adata.X.copy()
    adata.raw = AnnData(
        X=np.asarray(rng.integers(0, 9, (N_OBS, 25)), np.int32),
        obs=adata.obs[[]],
        var=pd.DataFrame(index=[f"RAW{i}" for i in range(25)]),
    )
    adata.uns["louvain_colors"] = np.array(["#FF0000", "green", "#00f"])
    adata.uns["batch_colors"] = np.array(["#ff0000", "no color"])
    return adata


def _obs(rng: np.random.Generator) -> pd.DataFrame:
    louvain = pd.Categorical(rng.choice(["B cells", "T cells", "NK <b>"], N_OBS), ordered=True)
    return pd.DataFrame(
        {
            "batch": pd.Categorical(rng.choice(["one", "two"], N_OBS)),
            "louvain": louvain.set_categories(["T cells", "B cells", "NK <b>"], ordered=True),
            "sparse label": pd.Categorical([None if i % 7 == 0 else f"l{i % 3}" for i in range(N_OBS)]),
            "plate": pd.Categorical(rng.integers(1, 4, N_OBS)),
            "plate or none": pd.Categorical([None if i == 2 else i % 4 for i in range(N_OBS)]),
            "n_counts": rng.integers(0, 2**20, N_OBS),
            "huge": rng.integers(2**40, 2**41, N_OBS),
            "score": np.where(np.arange(N_OBS) % 9 == 0, np.nan, rng.normal(size=N_OBS)),
            "score32": rng.normal(size=N_OBS).astype(np.float32),
            "doublet": rng.random(N_OBS) < 0.2,
            "barcode": [f"é-{i}" for i in range(N_OBS)],
        },
        index=[f"cell-{i}" for i in range(N_OBS)],
    )


def publish(adata: AnnData, catalog: Catalog, *, title: str = "tiny") -> str:
    """Publish completely, as a kernel does; returns the id."""
    publication = Publication.begin(adata, catalog, title=title)
    publication.finish()
    return publication.manifest.id


def new_catalog(directory: Path) -> Catalog:
    """An empty catalog."""
    return Catalog(directory / "snapshots")
