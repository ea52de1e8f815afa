"""A hundred thousand cells, made in seconds: what the browser tests of large data work on."""

from typing import Any

import anndata
import numpy as np
import pandas as pd
from scipy import sparse

N_CELLS = 100_000
N_GENES = 600
KINDS = 40
BARCODES = 300
NEIGHBORS = 4


def large_adata() -> Any:
    """An AnnData with 40 kinds of cells, the largest of tens of thousands, the smallest of some dozens.

    Its columns: ``kind``, ``batch`` (3), ``barcode`` (300), ``depth``, and ``score``, which one cell in
    ten lacks. Its embeddings: ``umap``, in which kinds are clouds, and ``pca`` (5). Its graph joins each cell
    with the next ones of its kind.
    """
    rng = np.random.default_rng(68)
    share = 1 / np.arange(1, KINDS + 1) ** 1.8
    kinds = rng.choice(KINDS, N_CELLS, p=share / share.sum())
    X = _values(kinds, rng)
    score = rng.normal(size=N_CELLS).astype(np.float32)
    score[rng.random(N_CELLS) < 0.1] = np.nan
    obs = pd.DataFrame(
        {
            "kind": pd.Categorical.from_codes(kinds, [f"kind {i:02}" for i in range(KINDS)]),
            "batch": pd.Categorical.from_codes(rng.integers(3, size=N_CELLS), ["one", "two", "three"]),
            "barcode": pd.Categorical.from_codes(
                rng.integers(BARCODES, size=N_CELLS), [f"barcode {i:03}" for i in range(BARCODES)]
            ),
            "depth": X.getnnz(axis=1).astype(np.int32),
            "score": score,
        },
        index=[f"cell {i:06}" for i in range(N_CELLS)],
    )
    center = rng.normal(scale=8, size=(KINDS, 2))
    umap = (center[kinds] + rng.normal(size=(N_CELLS, 2))).astype(np.float32)
    pca = rng.normal(size=(N_CELLS, 5)).astype(np.float32)
    pca[:, 0] += kinds
    return anndata.AnnData(
        X=X,
        obs=obs,
        var=pd.DataFrame(index=[f"GENE{i}" for i in range(N_GENES)]),
        obsm={"X_umap": umap, "X_pca": pca},
        obsp={"connectivities": _graph(kinds)},
    )


def _values(kinds: Any, rng: np.random.Generator) -> Any:
    """CSR float32: in each kind one gene in ten is found far more often, and with higher values."""
    usual = rng.beta(1, 9, N_GENES).astype(np.float32)
    marked = rng.random((KINDS, N_GENES)) < 0.1
    chance = np.where(marked, np.minimum(1, 4 * usual + 0.1), usual).astype(np.float32)
    parts = []
    for start in range(0, N_CELLS, 10_000):
        of = kinds[start : start + 10_000]
        rows, columns = np.nonzero(rng.random((len(of), N_GENES), np.float32) < chance[of])
        values = rng.standard_exponential(len(rows), np.float32) + marked[of[rows], columns] + np.float32(0.1)
        parts.append(sparse.csr_matrix((values.astype(np.float32), (rows, columns)), (len(of), N_GENES)))
    return sparse.vstack(parts, format="csr")


def _graph(kinds: Any) -> Any:
    order = np.argsort(kinds, kind="stable")
    ahead = np.stack([np.roll(order, -step) for step in range(1, NEIGHBORS + 1)])
    joined = kinds[ahead] == kinds[order]
    rows = np.broadcast_to(order, ahead.shape)[joined]
    half = sparse.csr_matrix((np.ones(len(rows), np.float32), (rows, ahead[joined])), (N_CELLS, N_CELLS))
    return half.maximum(half.T).tocsr()
