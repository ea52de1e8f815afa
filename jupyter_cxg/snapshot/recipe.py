"""An embedding and clusters for a file that has none: scanpy's usual steps, with its defaults."""

import warnings
from collections.abc import Callable
from typing import Any

import numpy as np
from scipy import sparse

from ..errors import TooLarge, Unpublishable
from .files import OpenFile
from .matrices import Compressed, Rows, is_sparse, matrix_bytes
from .reading import Reading

_LEAST_CELLS = 10
_COPIES = 4  # of X, at most, while scanpy works
_N_TOP_GENES = 2000


def compute(opened: OpenFile, reading: Reading, tell: Callable[[str], None]) -> OpenFile:
    """The same with ``obsm["X_pca"]``, ``obsm["X_umap"]`` and ``obs["leiden"]``, and X in memory.

    Counts are kept as ``layers["counts"]``, and X becomes log1p of 10,000 per cell; values that are no
    counts stay as they are. The same file gives the same result on the same machine.

    Raises
    ------
    Unpublishable
        scanpy is not there, or there are too few cells.
    TooLarge
        X does not fit into the memory.
    """
    try:
        import igraph  # noqa: F401 - Leiden needs it, and that is better known before an hour of work
        import scanpy
    except ImportError as error:
        raise Unpublishable("--recipe needs scanpy: pip install 'jupyter-cxg[recipe]'.") from error
    adata = opened.adata
    source = opened.matrices.get("X", adata.X)
    if source is None or adata.n_obs < _LEAST_CELLS:
        raise Unpublishable(f"--recipe needs X, and {_LEAST_CELLS} cells at least.")
    _check_memory(source, reading)
    tell("Reading X")
    adata.X = _whole(source).astype(np.float32)
    if _counts(adata.X):
        tell("Normalizing")
        adata.layers["counts"] = adata.X.copy()
        scanpy.pp.normalize_total(adata, target_sum=1e4)
        scanpy.pp.log1p(adata)
    _embed(scanpy, adata, tell)
    others = {name: matrix for name, matrix in opened.matrices.items() if name != "X"}
    return OpenFile(adata, opened.left_out, others)


def _embed(scanpy: Any, adata: Any, tell: Callable[[str], None]) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        tell("Finding variable genes")
        scanpy.pp.highly_variable_genes(adata, n_top_genes=min(_N_TOP_GENES, adata.n_vars))
        n_pcs = min(50, adata.n_obs - 1, int(adata.var["highly_variable"].sum()) - 1)
        if n_pcs < 2:
            raise Unpublishable("--recipe needs more genes that vary between the cells.")
        tell("Computing principal components")
        scanpy.pp.pca(adata, n_comps=n_pcs, random_state=0)
        tell("Finding neighbors")
        scanpy.pp.neighbors(adata, n_neighbors=min(15, adata.n_obs - 1), random_state=0)
        tell("Computing UMAP")
        scanpy.tl.umap(adata, random_state=0)
        tell("Finding clusters")
        scanpy.tl.leiden(adata, flavor="igraph", n_iterations=2, directed=False, random_state=0)


def _check_memory(source: Any, reading: Reading) -> None:
    needed = _COPIES * matrix_bytes(source)
    if reading.memory is not None and needed > reading.memory:
        raise TooLarge(
            f"--recipe needs about {needed / 1e9:.1f} GB of memory, and {reading.memory / 1e9:.1f} GB are "
            "allowed: give more with --memory, or compute an embedding elsewhere."
        )


def _whole(source: Any) -> Any:
    if isinstance(source, Compressed):
        group = source.group
        parts = (group["data"][...], group["indices"][...], group["indptr"][...])
        return sparse.csr_matrix(parts, shape=source.shape)
    if isinstance(source, Rows):
        return source.read(0, source.shape[0])
    return source.to_memory() if is_sparse(source) and hasattr(source, "to_memory") else source[...]


def _counts(matrix: Any) -> bool:
    values = matrix.data if sparse.issparse(matrix) else matrix
    return bool(np.all(values >= 0) and np.all(values == np.floor(values)))
