"""10x Genomics' .h5 files, as Cell Ranger 2 and 3 write them: sparse, one row per cell, no embedding."""

from typing import Any

import numpy as np
import pandas as pd

from ..errors import Unpublishable
from ..model import Array
from .matrices import Compressed

_PARTS = ("data", "indices", "indptr", "shape", "barcodes")
_FEATURES = {"id": "gene_ids", "feature_type": "feature_types", "genome": "genome"}


def is_tenx(file: Any) -> bool:
    """Whether an HDF5 file looks like one."""
    return any(_is_matrix(file, key) for key in file)


def read_tenx(file: Any, name: str) -> tuple[dict[str, Any], Compressed]:
    """Elements of an AnnData, with gene names as in scanpy, and the matrix, which stays in the file.

    Raises
    ------
    Unpublishable
        There are several genomes, each with a matrix of its own; or the parts do not fit.
    """
    keys = [key for key in file if _is_matrix(file, key)]
    if len(keys) > 1:
        raise Unpublishable(
            f"{name} has a matrix for each of {', '.join(keys)}: write one of them with scanpy as .h5ad."
        )
    group = file[keys[0]]
    n_genes, n_cells = (int(length) for length in group["shape"][:2])
    barcodes = texts(group["barcodes"])
    if "features" in group:  # Cell Ranger 3
        features = group["features"]
        genes = texts(features["name"])
        columns = {new: texts(features[old]) for old, new in _FEATURES.items() if old in features}
    else:
        genes = texts(group["gene_names"])
        columns = {"gene_ids": texts(group["genes"])}
    if len(barcodes) != n_cells or any(len(c) != n_genes for c in (genes, *columns.values())):
        raise Unpublishable(f"{name} is damaged: its matrix is {n_cells} × {n_genes}, and its names are not.")
    var = pd.DataFrame({key: _column(key, values) for key, values in columns.items()}, index=genes)
    parts = {"obs": pd.DataFrame(index=barcodes), "var": var}
    return parts, Compressed(group, (n_cells, n_genes), "csr")


def texts(dataset: Any) -> Array:
    """A 1-d dataset as str of object dtype; bytes that are no UTF-8 are replaced."""
    values = np.asarray(dataset[...]).ravel()
    if values.dtype.kind in "SO":
        decoded = [v.decode("utf-8", "replace") if isinstance(v, bytes) else str(v) for v in values.tolist()]
        return np.array(decoded, dtype=object)
    return values.astype(str).astype(object)


def _column(key: str, values: Array) -> Any:
    return values if key == "gene_ids" else pd.Categorical(values)


def _is_matrix(file: Any, key: str) -> bool:
    group = file[key]
    return hasattr(group, "keys") and all(part in group for part in _PARTS)
