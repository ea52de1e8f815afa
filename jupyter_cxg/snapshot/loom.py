"""Loom files: genes × cells, dense in the file, sparse in the snapshot; attributes of both axes."""

from collections.abc import Mapping
from typing import Any

import h5py
import numpy as np
import pandas as pd
from scipy import sparse

from ..errors import Unpublishable
from ..model import Array, LeftOut
from .matrices import Rows
from .tenx import texts

_CELLS = ("CellID", "obs_names", "cell_names", "barcode")
_GENES = ("Gene", "var_names", "gene_names", "Accession")
# two attributes that are the coordinates of an embedding, by the programs that write them
_PAIRS = {
    "X_umap": (("_UMAP1", "_UMAP2"), ("UMAP_1", "UMAP_2"), ("UMAP1", "UMAP2")),
    "X_tsne": (("_tSNE1", "_tSNE2"), ("tSNE_1", "tSNE_2"), ("TSNE1", "TSNE2")),
    "X_loom": (("_X", "_Y"), ("X", "Y")),
}
_ENTRY = 8  # bytes of a value and its index


def is_loom(file: Any) -> bool:
    """Whether an HDF5 file looks like one."""
    return isinstance(file.get("matrix"), h5py.Dataset) and "row_attrs" in file and "col_attrs" in file


def read_loom(file: Any, name: str) -> tuple[dict[str, Any], dict[str, Rows], list[LeftOut]]:
    """Elements of an AnnData; the matrices, which stay in the file; and what is left out.

    Raises
    ------
    Unpublishable
        The matrix has no two dimensions.
    """
    matrix = file["matrix"]
    if matrix.ndim != 2:
        raise Unpublishable(f"{name} is damaged: its matrix has {matrix.ndim} dimensions.")
    n_genes, n_cells = matrix.shape
    left_out: list[LeftOut] = []
    obs, obsm = _axis(file["col_attrs"], n_cells, _CELLS, "col_attrs", left_out)
    var, varm = _axis(file["row_attrs"], n_genes, _GENES, "row_attrs", left_out)
    for embedding, pairs in _PAIRS.items():
        for pair in pairs:
            if embedding not in obsm and all(c in obs and obs[c].dtype.kind in "iuf" for c in pair):
                obsm[embedding] = obs[list(pair)].to_numpy(np.float32)
    matrices = {"X": _rows(matrix)}
    for key, layer in file.get("layers", {}).items():
        if getattr(layer, "shape", None) == matrix.shape:
            matrices[key] = _rows(layer)
        else:
            left_out.append(LeftOut(f"layers[{key!r}]", "has another shape than the matrix."))
    return {"obs": obs, "var": var, "obsm": obsm, "varm": varm}, matrices, left_out


def _axis(
    group: Any, length: int, names: tuple[str, ...], where: str, left_out: list[LeftOut]
) -> tuple[pd.DataFrame, dict[str, Array]]:
    """Attributes of one axis: a frame of those with one dimension, and those with two."""
    columns: dict[str, Array] = {}
    arrays: dict[str, Array] = {}
    for key, item in group.items():
        shape = getattr(item, "shape", ())
        if not shape or shape[0] != length or len(shape) > 2:
            left_out.append(LeftOut(f"{where}[{key!r}]", f"has no value for each of {length}."))
        elif len(shape) == 2:
            arrays[key] = np.asarray(item[...])
        else:
            columns[key] = np.asarray(item[...]) if item.dtype.kind in "biuf" else texts(item)
    index = next((columns.pop(key).astype(str) for key in names if key in columns), None)
    return pd.DataFrame(_categorical(columns), index=_index(index, length)), arrays


def _index(names: Array | None, length: int) -> Any:
    return np.arange(length).astype(str) if names is None else names


def _categorical(columns: Mapping[str, Array]) -> dict[str, Any]:
    """Text that repeats itself is a category: Loom has no other way to say so."""
    return {
        key: pd.Categorical(values)
        if values.dtype.kind == "O" and 2 * len(set(values.tolist())) <= len(values)
        else values
        for key, values in columns.items()
    }


def _rows(matrix: Any) -> Rows:
    n_genes, n_cells = matrix.shape
    whole = n_genes * n_cells * (matrix.dtype.itemsize + 4)
    stored = matrix.id.get_storage_size() * _ENTRY if matrix.compression else whole
    # In the file zeros take next to no room, in the snapshot none. How many there are, only reading
    # all of it would tell; a compressed value takes a byte or more.
    return Rows(
        read=lambda start, stop: sparse.csr_matrix(matrix[:, start:stop].T),
        shape=(n_cells, n_genes),
        dtype=matrix.dtype,
        sparse=True,
        nbytes=min(whole, stored),
        dense_row=n_genes * matrix.dtype.itemsize,
        chunk_rows=matrix.chunks[1] if matrix.chunks else 1,
    )
